#!/bin/sh
# Runs inside the new system tree, once its packages are installed: makes it the live system, and leaves kernel, initial
# system and console font in /boot-files for the builder.
set -eu
payload=/payload
list() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$payload/lists/$1"; }
step() { echo "REBOND-STEP $1"; }

step overlay
chown -R 0:0 "$payload"
cp -a "$payload/overlay/." /
install -m 755 "$payload/rebond" /usr/bin/rebond
install -D -m 644 "$payload/image.json" /usr/lib/rebond/image.json
install -m 644 "$payload/lists/initrd.modules" /etc/initramfs-tools/initrd.modules

step units
find /etc/systemd/system -mindepth 1 \( -type l -o -type d -empty \) -delete
systemctl enable --quiet rebond.service systemd-networkd.service systemd-resolved.service
systemctl set-default --quiet multi-user.target
list units.mask | while read -r unit; do ln -sf /dev/null "/etc/systemd/system/$unit"; done
mkdir -p /etc/systemd/system-generators
for generator in debug fstab getty gpt-auto hibernate-resume rc-local run ssh system-update sysv tpm2; do
  ln -sf /dev/null "/etc/systemd/system-generators/systemd-$generator-generator"
done
# Settings applied to drives by udev, and network drives: the agent alone touches drives.
rm -f /usr/lib/udev/rules.d/85-hdparm.rules /usr/lib/udev/rules.d/70-nvmf-*.rules \
  /usr/lib/udev/rules.d/71-nvmf-*.rules /usr/lib/udev/rules.d/65-persistent-net-nbft.rules \
  /usr/lib/udev/rules.d/90-iocost.rules /usr/lib/udev/rules.d/60-autosuspend.rules \
  /usr/lib/udev/rules.d/90-console-setup.rules

step firmware
cd /usr/lib/firmware
list firmware.prune | while read -r pattern; do rm -rf $pattern; done
# A driver takes the newest of its Wi-Fi firmware: of each family the two newest are enough.
ls iwlwifi-*.ucode | sed 's/-[0-9]*\.ucode$//' | sort -u | while read -r family; do
  ls "$family"-[0-9]*.ucode | grep -E "^$family-[0-9]+\.ucode$" | sort -V | head -n -2 | xargs -r rm -f
done
find . -xtype l -delete

step modules
version=$(ls /usr/lib/modules)
cd "/usr/lib/modules/$version"
list modules.prune | while read -r pattern; do (cd kernel && rm -rf $pattern); done
# What is left must not need what is gone.
while :; do
  orphans=$(tr -d : <modules.dep | while read -r module needs; do
    [ -e "$module" ] || continue
    for need in $needs; do [ -e "$need" ] || { echo "$module"; break; }; done
  done)
  [ -n "$orphans" ] || break
  echo "$orphans" | xargs rm -f
done
# The squashfs compresses them better than xz did, and they load sooner.
find kernel -name '*.ko.xz' -print0 | xargs -0 -P2 -n64 xz -d
depmod "$version"

step initrd
mkdir -p /boot-files
# Its own hook brings what is needed; these would bring graphics, disk checks and every Ethernet driver there is.
for hook in live kms fsck resume thermal; do rm -f "/usr/share/initramfs-tools/hooks/$hook"; done
mkinitramfs -o /boot-files/initrd.img "$version"
cp "/boot/vmlinuz-$version" /boot-files/vmlinuz
gzip -dc /usr/share/consolefonts/Lat15-Terminus16.psf.gz >/boot-files/console.psf

step licences
sh "$payload/licences.sh" $(ls /usr/share/doc) >/boot-files/licences.tsv

step trim
# Made anew by each installation: the archive of the build, and a name for network drives.
: >/etc/apt/sources.list
rm -f /etc/nvme/hostid /etc/nvme/hostnqn
# /tmp, /var/lib/apt and /var/cache/apt are left to mmdebstrap: its settings for apt are in there, and without them its
# last apt-get would work on the building machine.
rm -rf /boot/* /vmlinuz* /initrd.img* /usr/share/man /usr/share/info /usr/share/locale \
  /usr/share/lintian /usr/share/bash-completion /usr/share/zsh /usr/share/bug /usr/share/menu \
  /usr/share/X11 /usr/share/initramfs-tools /etc/initramfs-tools /usr/share/i18n \
  /usr/lib/x86_64-linux-gnu/gconv /usr/share/console-setup /usr/share/perl5/debconf* /usr/share/debconf \
  /var/cache/debconf /var/cache/man /var/log/* /var/lib/dpkg/info /var/lib/dpkg/*-old /var/backups/* /var/tmp/* \
  /usr/lib/udev/hwdb.d /var/lib/systemd/catalog/database /usr/lib/systemd/catalog /usr/lib/systemd/boot /usr/lib/debug \
  /var/lib/dbus/machine-id /var/lib/initramfs-tools /var/lib/systemd/random-seed /root/.[a-z]*
find /usr/share/keymaps -mindepth 1 -maxdepth 1 ! -name i386 ! -name include -exec rm -rf {} +
find /usr/share/consolefonts -type f ! -name 'Lat15-Terminus*' -delete
find /usr/share/consoletrans -type f -delete 2>/dev/null || true
find / -xdev \( -name '*.pyc' -o -name '__pycache__' \) -exec rm -rf {} +
: >/etc/machine-id
: >/etc/fstab
rm -f /etc/resolv.conf /etc/mtab
ln -s /run/systemd/resolve/resolv.conf /etc/resolv.conf
ln -s /proc/self/mounts /etc/mtab
echo UTC >/etc/timezone
ln -sf /usr/share/zoneinfo/UTC /etc/localtime
ln -sf /bin/true /usr/sbin/update-initramfs
# Nothing in /etc or /var is out of date: no unit rebuilds caches at start.
touch /etc/.updated /var/.updated
ldconfig
rm -f /var/cache/ldconfig/aux-cache
# Nobody can log in: no password fits.
awk -F: '$2 != "*" && $2 != "!" && $2 != "!*" { print "has a password: " $1; bad = 1 } END { exit bad }' /etc/shadow
