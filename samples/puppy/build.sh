#!/bin/sh
# Rebuilds the prebuilt images of samples/: hello.elf, echo.elf, bare-hello.elf, bare-flat.bin and puppy.elf.
# Needs a gcc that accepts -m32 (Debian: gcc-multilib) and GNU binutils.
set -eu
cd "$(dirname "$0")/.."
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

warnings='-Wall -Wextra -Werror'
target='-m32 -march=i686 -ffreestanding -nostdlib -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables
        -fno-tree-loop-distribute-patterns -mno-sse -mno-mmx'
link='ld -m elf_i386 -z max-page-size=4096 -z noexecstack --no-warn-rwx-segments --build-id=none'

# compile SOURCE [FLAGS...]: one source file to one object, whose path it prints.
compile() {
        source=$1; shift
        object=$objects/$(echo "$source" | tr / _).o
        gcc $target $warnings "$@" -I puppy -c -o "$object" "$source"
        echo "$object"
}

# hello, echo and bare: assembler only.
$link -T hello/hello.lds -o hello/hello.elf $(compile hello/hello.S)
$link -T echo/echo.lds -o echo/echo.elf $(compile echo/echo.S)
$link -T bare/bare.lds -o bare/bare-hello.elf $(compile bare/bare-hello.S)
$link -T bare/bare.lds -o "$objects/bare-flat.elf" $(compile bare/bare-flat.S)
objcopy -O binary "$objects/bare-flat.elf" bare/bare-flat.bin

# puppy's user programs: each linked at USER_TEXT and flattened, .bss included, for programs.S to embed.
start=$(compile puppy/user/start.S)
for program in hello count sleeper fpu grow fault; do
        $link -T puppy/user/user.lds -o "$objects/$program.elf" \
                "$start" $(compile puppy/user/$program.c -O2)
        objcopy -O binary --set-section-flags .bss=alloc,load,contents \
                "$objects/$program.elf" "$objects/$program.bin"
done

# puppy itself.
kernel=
for source in puppy/*.S puppy/test/*.S; do
        kernel="$kernel $(compile $source -Wa,-I,$objects)"
done
for source in puppy/*.c puppy/test/*.c; do
        kernel="$kernel $(compile $source -O2 -mgeneral-regs-only)"
done
$link -T puppy/puppy.lds -o puppy/puppy.elf $kernel
chmod -x hello/hello.elf bare/bare-hello.elf puppy/puppy.elf bare/bare-flat.bin
size puppy/puppy.elf
