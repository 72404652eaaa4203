#!/bin/sh
# Runs inside the workbench: from the system tree and the boot files it makes the parts of stick, ISO and netboot folder.
# All dates come from SOURCE_DATE_EPOCH and all numbers from the serial, so that the same parts give the same bytes.
set -eu
in=/in out=/out
. "$in/facts.sh" # SERIAL, FAT_ID, SIZE_MIB, CMDLINE
export SOURCE_DATE_EPOCH="$SERIAL" TZ=UTC LC_ALL=C.UTF-8 MTOOLS_SKIP_CHECK=1
mkdir -p "$out/netboot" /tmp
lib=/usr/lib/grub
step() { echo "REBOND-STEP $1"; }

step squashfs
mksquashfs - "$out/filesystem.squashfs" -tar -root-mode 755 -noappend -no-progress -quiet -comp zstd -Xcompression-level "$SQUASHFS_LEVEL" \
  -b "$SQUASHFS_BLOCK" <"$in/system.tar"
rm "$in/system.tar"
image=$(sha256sum "$out/filesystem.squashfs" | cut -d' ' -f1)

step loaders
common="part_msdos part_gpt fat iso9660 normal search search_fs_file search_fs_uuid configfile test echo linux loadenv cpuid probe font
  gfxterm all_video halt true source boot loadenv regexp sleep minicmd"
common=$(echo $common | tr ' ' '\n' | grep -v '^source$' | sort -u | tr '\n' ' ')
cp "$in/boot/loader.cfg" /tmp/loader.cfg
grub-mkimage -O i386-pc -o /tmp/core.img -p /boot/grub -c /tmp/loader.cfg biosdisk $common
grub-mkimage -O i386-pc-eltorito -o /tmp/eltorito.img -p /boot/grub -c /tmp/loader.cfg biosdisk $common
grub-mkimage -O i386-efi -o /tmp/bootia32.efi -p /boot/grub -c /tmp/loader.cfg $common
grub-mkimage -O i386-efi -o /tmp/netia32.efi -p /grub $common efinet tftp http net

step tree
tree=/tree
mkdir -p $tree/EFI/BOOT $tree/EFI/debian $tree/boot/grub/fonts $tree/live-a
cp /usr/lib/shim/shimx64.efi.signed $tree/EFI/BOOT/BOOTX64.EFI
cp /usr/lib/shim/mmx64.efi.signed $tree/EFI/BOOT/mmx64.efi
cp $lib/x86_64-efi-signed/grubx64.efi.signed $tree/EFI/BOOT/grubx64.efi
cp /tmp/bootia32.efi $tree/EFI/BOOT/BOOTIA32.EFI
cp "$in/boot/loader.cfg" $tree/EFI/debian/grub.cfg
sed "s|@CMDLINE@|$CMDLINE|" "$in/boot/grub.cfg" >$tree/boot/grub/grub.cfg
cp /usr/share/grub/unicode.pf2 $tree/boot/grub/fonts/unicode.pf2
cp /boot/memtest86+x64.bin /boot/memtest86+ia32.bin /boot/memtest86+x64.efi /boot/memtest86+ia32.efi $tree/boot/
echo "$SERIAL" >$tree/boot/grub/rebond.id
cp "$in/vmlinuz" "$in/initrd.img" "$out/filesystem.squashfs" $tree/live-a/
manifest() { # name
  printf '{"name":"%s","sizeBytes":%s,"sha256":"%s"}' "$1" "$(stat -c %s "$tree/live-a/$1")" "$(sha256sum "$tree/live-a/$1" | cut -d' ' -f1)"
}
printf '{"schema":"rebond.image/1","version":"%s","serial":%s,"architecture":"amd64","files":[%s,%s,%s],"agentSha256":"%s"}\n' \
  "$VERSION" "$SERIAL" "$(manifest vmlinuz)" "$(manifest initrd.img)" "$(manifest filesystem.squashfs)" "$AGENT" >$tree/live-a/manifest.json
printf 'set serial_a=%s ; set image_a=%s\n' "$SERIAL" "$image" >$tree/live-a/ready.cfg
cp $tree/live-a/manifest.json "$out/manifest.json"

step iso
# The firmware reads its loaders from a small FAT of their own; they find the CD by a file on it.
find $tree -exec touch -h -d "@$SERIAL" {} +
fat() { mkfs.fat --invariant -i "$FAT_ID" "$@" >/dev/null; }
truncate -s 12M /tmp/efi.img
fat -F 12 -n REBOND_EFI /tmp/efi.img
mcopy -s -m -Q -i /tmp/efi.img $tree/EFI ::
mkdir -p /iso/boot/grub/i386-pc
cp /tmp/efi.img /iso/boot/grub/efi.img
cp /tmp/eltorito.img /iso/boot/grub/i386-pc/eltorito.img
touch -d "@$SERIAL" /iso/boot/grub/efi.img /iso/boot/grub/i386-pc/eltorito.img /iso/boot/grub/i386-pc /iso/boot/grub /iso/boot /iso
xorriso -as mkisofs -quiet -o "$out/rebond.iso" -r -J -joliet-long -V REBOND_ISO --modification-date="$ISO_DATE" \
  --grub2-mbr $lib/i386-pc/boot_hybrid.img -partition_offset 16 --mbr-force-bootable --gpt_disk_guid "$GPT_GUID" \
  -b boot/grub/i386-pc/eltorito.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
  -append_partition 2 0xef /tmp/efi.img -appended_part_as_gpt \
  -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot \
  -graft-points /=$tree /boot/grub/i386-pc/eltorito.img=/iso/boot/grub/i386-pc/eltorito.img

step stick
mkdir -p $tree/rebond
cp "$in/boot/rebond-README.txt" $tree/rebond/README.txt
cp "$in/boot/config.json" $tree/rebond/config.json
grub-editenv $tree/boot/grub/grubenv create
find $tree -exec touch -h -d "@$SERIAL" {} +
truncate -s "$((SIZE_MIB - 1))M" "$out/stick.fat"
fat -F 32 -s 8 -h 2048 -n REBOND "$out/stick.fat"
for each in EFI boot rebond live-a; do mcopy -s -m -Q -i "$out/stick.fat" $tree/$each ::; done
cp $lib/i386-pc/boot.img "$out/boot.img"
cp /tmp/core.img "$out/core.img"

step netboot
cp "$in/vmlinuz" "$in/initrd.img" "$out/manifest.json" "$out/netboot/"
mv "$out/filesystem.squashfs" "$out/netboot/"
cp /usr/lib/shim/shimx64.efi.signed "$out/netboot/shimx64.efi"
cp $lib/x86_64-efi-signed/grubnetx64.efi.signed "$out/netboot/grubx64.efi"
cp /tmp/netia32.efi "$out/netboot/ia32.efi"
cp /usr/lib/ipxe/undionly.kpxe /usr/lib/ipxe/ipxe.efi "$out/netboot/" 2>/dev/null || cp /usr/lib/ipxe/undionly.kpxe /usr/lib/ipxe/x86_64-efi/ipxe.efi "$out/netboot/"

# Which packages of this workbench gave bytes to the image, which file of it holds them, and the digest of that file.
step parts
part() { # packages, separated by commas; name; file
  printf '%s\t%s\t%s\n' "$1" "$2" "$(sha256sum "$3" | cut -d' ' -f1)" >>"$out/boot-parts.tsv"
}
bios=grub-pc-bin,grub-common
ia32=grub-efi-ia32-bin,grub-efi-ia32-unsigned,grub-common
signed=grub-efi-amd64-signed,grub-efi-amd64-unsigned
shim=shim-signed,shim-unsigned
efi=$tree/EFI/BOOT
part $shim EFI/BOOT/BOOTX64.EFI $efi/BOOTX64.EFI
part shim-helpers-amd64-signed,shim-unsigned EFI/BOOT/mmx64.efi $efi/mmx64.efi
part $signed EFI/BOOT/grubx64.efi $efi/grubx64.efi
part $ia32 EFI/BOOT/BOOTIA32.EFI $efi/BOOTIA32.EFI
part grub-common boot/grub/fonts/unicode.pf2 $tree/boot/grub/fonts/unicode.pf2
for each in x64.bin ia32.bin x64.efi ia32.efi; do part memtest86+ boot/memtest86+$each $tree/boot/memtest86+$each; done
part $bios rebond.img:boot.img "$out/boot.img"
part $bios rebond.img:core.img "$out/core.img"
part $bios rebond.iso:boot_hybrid.img $lib/i386-pc/boot_hybrid.img
part $bios rebond.iso:boot/grub/i386-pc/eltorito.img /tmp/eltorito.img
head -c 512 "$out/stick.fat" >/tmp/fat.boot
part dosfstools rebond.img:FAT-boot-sector /tmp/fat.boot
part $shim netboot/shimx64.efi "$out/netboot/shimx64.efi"
part $signed netboot/grubx64.efi "$out/netboot/grubx64.efi"
part $ia32 netboot/ia32.efi "$out/netboot/ia32.efi"
part ipxe netboot/undionly.kpxe "$out/netboot/undionly.kpxe"
part ipxe netboot/ipxe.efi "$out/netboot/ipxe.efi"
cut -f1 "$out/boot-parts.tsv" | tr , '\n' | sort -u | while read -r package; do
  sh "$in/licences.sh" "$package"
done >"$out/boot-licences.tsv"
