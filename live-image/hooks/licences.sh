#!/bin/sh
# Lines `package TAB licence` for each package named: the short names of its copyright file, or, where that file has none,
# the licences that it points to.
for package in "$@"; do
  file=/usr/share/doc/$package/copyright
  [ -e "$file" ] || continue
  names=$(sed -n 's/^License:[[:space:]]*//p' "$file" | sort -u)
  [ -n "$names" ] || names=$(grep -o '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$file" | sed 's|.*/||' | sort -u)
  [ -z "$names" ] || printf '%s\n' "$names" | sed "s|^|$package\t|"
done
