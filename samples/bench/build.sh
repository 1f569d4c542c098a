#!/bin/sh
# Rebuilds bench.elf, hyper.elf and disks.elf; with a file name, builds only the workloads that compute, as a Linux program of that name.
# Needs a gcc that accepts -m32 (Debian: gcc-multilib) and GNU binutils.
set -eu
case ${1:-} in
        '' | /*) native=${1:-} ;;
        *) native=$PWD/$1 ;;
esac
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

# The same instructions everywhere: what differs between the images is only what is around the workloads.
target='-m32 -march=i686 -O2 -mno-sse -mno-mmx -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables
        -fno-tree-loop-distribute-patterns -fno-math-errno -Wall -Wextra -Werror -I . -I ../puppy'
link='ld -m elf_i386 -z max-page-size=4096 -z noexecstack --no-warn-rwx-segments --build-id=none --strip-debug'

./diverse.sh diverse 2 430 >"$objects/diverse.c"
./diverse.sh vast 18 64 >"$objects/vast.c"
computing="run.c computing.c integer.c sieve.c list.c matrix.c calls.c jumps.c sort.c strings.c real.c core.c dhry.c
        $objects/diverse.c $objects/vast.c"
if [ -n "$native" ]; then
        gcc $target -no-pie -o "$native" native.c $computing
        exit
fi

# image NAME FLAGS SOURCES: links what it compiles to NAME.elf, as NAME.lds says.
image() {
        name=$1 flags=$2; shift 2
        compiled=
        for source; do
                object=$objects/$name-$(basename "$source").o
                gcc $target -ffreestanding -nostdlib $flags -c -o "$object" "$source"
                compiled="$compiled $object"
        done
        $link -T "$name.lds" -o "$name.elf" $compiled
        chmod -x "$name.elf"
        size "$name.elf"
}

image bench '' boot.S kernel.c syscall.S syscall.c fault.c context.c $computing
image hyper -DUNDER_HOST hyper.S hyper.c syscall.S syscall.c run.c

gcc $target -ffreestanding -nostdlib -static -no-pie -Wl,-z,noexecstack,--build-id=none,-s -o disks.elf disks.c
chmod -x disks.elf
