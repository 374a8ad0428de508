#!/usr/bin/env bash
# Runs the check on a processor with AVX-512 that Bochs emulates, because few machines have one.
#
#   bash native/test/emulator/avx512.sh CHECK [ARGUMENTS...]
#
# CHECK is the check's program, linked statically. On Debian 12 this needs
#
#   apt-get install bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso cpio
#
# and a kernel: KERNEL=/boot/vmlinuz-..., or else Debian's for clouds is downloaded (and not installed), 27 MB. It
# boots from a CD with an initial file system of two files, the check and init.c, half a minute before the check begins.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[[ $# -gt 0 ]] || { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
check=$(realpath "$1")
shift
folder=${check%/*}/emulated
rm -rf "$folder/root" "$folder/cd"
mkdir -p "$folder/root" "$folder/cd/isolinux"
cd "$folder"

kernel=${KERNEL:-vmlinuz}
if [[ ! -f $kernel ]]; then
  package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: *//p' | head -n 1)
  apt-get download "$package"
  dpkg-deb --fsys-tarfile "$package"_*.deb | tar -x --wildcards -O './boot/vmlinuz-*' >vmlinuz
  rm "$package"_*.deb
fi

gcc -O2 -static -o root/init "$here/init.c"
cp "$check" root/check
strip root/check
(cd root && find . | cpio --quiet -o -H newc | gzip) >cd/initrd.gz
cp "$kernel" cd/vmlinuz
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 cd/isolinux/
# Bochs 2.7 misstates the size of the compacted form in which XSAVES (323) and XSAVEC (321) store registers, and Linux
# then turns AVX off. Without the two it uses XSAVE.
cat >cd/isolinux/isolinux.cfg <<CONFIG
default check
prompt 0
label check
  kernel /vmlinuz
  append initrd=/initrd.gz console=ttyS0 quiet mitigations=off tsc=reliable lpj=1000000 clearcpuid=321,323 -- $*
CONFIG
xorriso -as mkisofs -quiet -o cd.iso -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 \
  -boot-info-table cd

cat >bochsrc <<CONFIG
plugin_ctrl: unmapped=1, biosdev=1, speaker=0, es1370=0, sb16=0, e1000=0, ne2k=0
config_interface: textconfig
display_library: term
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
cpu: model=corei7_skylake_x, count=1, ips=200000000, reset_on_triple_fault=0
clock: sync=none
memory: guest=1024, host=1024
ata0-master: type=cdrom, path=cd.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=serial.log
log: bochs.log
sound: driver=dummy, waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
CONFIG
# Debian's Bochs waits in its debugger before it begins.
echo continue >commands
rm -f serial.log
touch serial.log
TERM=xterm script -qec "bochs -q -f bochsrc -rc commands" screen.log >/dev/null </dev/null &
emulator=$!
trap 'kill $emulator 2>/dev/null || true' EXIT
tail -f --pid=$emulator serial.log
trap - EXIT
grep -q '^exit status 0' serial.log
