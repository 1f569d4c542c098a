package lguest.machine

import groovy.transform.CompileStatic
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import lguest.cpu.CpuState

/**
 * Linux's system calls, as far as a filter of one thread needs them: it may read any file, write to its two outputs, have memory and ask
 * for the time. Whatever else it asks for is ENOSYS, as from a smaller kernel, and C libraries know how to go on.
 */
@CompileStatic
class LinuxCalls {
    private static final int ENOENT = -2
    private static final int EBADF = -9
    private static final int ENOMEM = -12
    private static final int EACCES = -13
    private static final int EFAULT = -14
    private static final int ENOTDIR = -20
    private static final int EISDIR = -21
    private static final int EINVAL = -22
    private static final int ENOTTY = -25
    private static final int ESPIPE = -29
    private static final int EROFS = -30
    private static final int ENOSYS = -38
    private static final int AT_FDCWD = -100
    private static final int MAP_FIXED = 0x10
    private static final int MAP_ANONYMOUS = 0x20
    private static final int MREMAP_MAYMOVE = 1
    private static final int O_ACCMODE = 3
    private static final int O_DIRECTORY = 0x10000
    private static final int S_IFIFO = 0x1000
    private static final int S_IFCHR = 0x2000
    private static final int S_IFDIR = 0x4000
    private static final int S_IFREG = 0x8000
    private static final int FIRST_TLS = 6
    private static final int TLS_SLOTS = 3
    private static final int PID = 1000

    /** An open file: its content, and where reading goes on. */
    private static class Opened {
        Path path
        byte[] content
        int position
        boolean listed
    }

    int brk

    private final Guest guest
    private final UserSpace space
    private final int gdt
    private final Path directory
    private final Map<Integer, ByteArrayOutputStream> outputs = [1: new ByteArrayOutputStream(), 2: new ByteArrayOutputStream()]
    private final Map<Integer, Opened> files = [:]
    private int nextMapping = 0xB7FF0000 as int

    /** @param gdt linear and physical address of the descriptor table; the program gets slots of it for thread-local storage */
    LinuxCalls(Guest guest, UserSpace space, int gdt, Path directory, byte[] input) {
        this.guest = guest
        this.space = space
        this.gdt = gdt
        this.directory = directory
        files[0] = new Opened(content: input)
    }

    byte[] output(int fd) {
        outputs[fd].toByteArray()
    }

    /** Answers what the registers ask for, in EAX. */
    void serve(int[] regs) {
        int number = regs[CpuState.EAX]
        try {
            regs[CpuState.EAX] = answer(number, regs[CpuState.EBX], regs[CpuState.ECX], regs[CpuState.EDX], regs[CpuState.ESI],
                regs[CpuState.EDI], regs[CpuState.EBP])
        } catch (UserSpace.BadAddress bad) {
            regs[CpuState.EAX] = EFAULT
        }
    }

    private int answer(int number, int a, int b, int c, int d, int e, int f) {
        switch (number) {
            case 1: case 252: guest.exit(a & 0xFF); return 0                      // exit, exit_group
            case 37: case 270: guest.exit(128 + (number == 37 ? b : c)); return 0 // kill, tgkill: of itself, so it is over
            case 3: return read(a, b, c)
            case 180: return pread(a, b, c, d)
            case 4: return write(a, space.bytes(b, c))
            case 146: return writev(a, b, c)
            case 5: return open(AT_FDCWD, space.text(a), b)
            case 295: return open(a, space.text(b), c)                            // openat
            case 6: return files.remove(a) != null || outputs.containsKey(a) ? 0 : EBADF
            case 42: case 331: return pipe(a)
            case 33: return Files.exists(path(AT_FDCWD, space.text(a))) ? 0 : ENOENT   // access
            case 307: case 439: return Files.exists(path(a, space.text(b))) ? 0 : ENOENT
            case 19: return seek(a, b, c)
            case 140: return llseek(a, c, d, e)
            case 195: case 196: return stat(path(AT_FDCWD, space.text(a)), b)     // stat64, lstat64
            case 197: return fstat(a, b)
            case 300: return space.text(b).isEmpty() ? fstat(a, c) : stat(path(a, space.text(b)), c)
            case 220: return getdents64(a, b, c)
            case 183: return getcwd(a, b)
            case 85: case 305: return EINVAL                                      // readlink: nothing is a link
            case 54: return ENOTTY                                                // ioctl
            case 55: case 221: return b == 3 && a == 0 ? 0 : b == 3 ? 1 : 0       // fcntl: F_GETFL
            case 45: return moveBreak(a)
            case 90: return mmap(space.dword(a), space.dword(a + 4), space.dword(a + 8), space.dword(a + 12), space.dword(a + 16), space.dword(a + 20))
            case 192: return mmap(a, b, c, d, e, f << 12)
            case 91: space.unmap(a, b); return 0
            case 125: return protect(a, b, c)
            case 163: return mremap(a, b, c, d)
            case 219: return 0                                                    // madvise
            case 243: return setThreadArea(a)
            case 122: return uname(a)
            case 13: return seconds()
            case 78: space.dwords(a, seconds(), (int) (nanos() % 1_000_000_000L / 1000)); return 0
            case 265: space.dwords(b, seconds(), (int) (nanos() % 1_000_000_000L)); return 0
            case 403: space.dwords(b, seconds(), 0, (int) (nanos() % 1_000_000_000L), 0); return 0
            case 43: return (int) (nanos() / 10_000_000L)                         // times
            case 77: space.write(b, new byte[72]); return 0                       // getrusage
            case 76: case 191: space.dwords(b, a == 3 ? 8 << 20 : -1, -1); return 0   // getrlimit
            case 340: if (d != 0) { space.dwords(d, b == 3 ? 8 << 20 : -1, b == 3 ? 0 : -1, -1, -1) }; return 0
            case 126: case 174: case 175: case 186: case 311: return 0                   // signals never come; robust lists are never walked
            case 240: return 0                                                    // futex: there is nobody to wait for
            case 242: space.dwords(c, 1); return 4                                // sched_getaffinity: one processor
            case 355: space.write(a, (0..<b).collect { int i -> (byte) (i * 37 + 11) } as byte[]); return b   // getrandom, the same every time
            case 20: case 64: case 224: case 258: return PID
            case 199: case 200: case 201: case 202: case 24: case 47: case 49: case 50: return 0
            default: return ENOSYS
        }
    }

    private long nanos() {
        1_600_000_000_000_000_000L + guest.nanos()
    }

    private int seconds() {
        (int) TimeUnit.NANOSECONDS.toSeconds(nanos())
    }

    // ---- files

    private Path path(int at, String name) {
        (at == AT_FDCWD || !files.containsKey(at) ? directory : files[at].path).resolve(name)
    }

    private int open(int at, String name, int flags) {
        Path path = path(at, name)
        if ((flags & O_ACCMODE) != 0) {
            return EROFS
        }
        if (!Files.exists(path)) {
            return ENOENT
        }
        if (!Files.isReadable(path)) {
            return EACCES
        }
        if ((flags & O_DIRECTORY) != 0 && !Files.isDirectory(path)) {
            return ENOTDIR
        }
        if (!Files.isDirectory(path) && !Files.isRegularFile(path) && name != '/dev/null') {
            return EACCES
        }
        int fd = freeDescriptor()
        files[fd] = new Opened(path: path, content: Files.isDirectory(path) ? null : Files.isRegularFile(path) ? Files.readAllBytes(path) : new byte[0])
        fd
    }

    private int freeDescriptor() {
        int fd = 3
        while (files.containsKey(fd) || outputs.containsKey(fd)) {
            fd++
        }
        fd
    }

    /** What goes in does not come out: a program of one thread has a pipe for what its signal handlers have to say. */
    private int pipe(int to) {
        int reading = freeDescriptor()
        files[reading] = new Opened(content: new byte[0])
        int writing = freeDescriptor()
        outputs[writing] = new ByteArrayOutputStream()
        space.dwords(to, reading, writing)
        0
    }

    private int read(int fd, int to, int length) {
        Opened file = files[fd]
        if (file == null) {
            return EBADF
        }
        int done = pread(fd, to, length, file.position)
        file.position += Math.max(0, done)
        done
    }

    private int pread(int fd, int to, int length, int from) {
        Opened file = files[fd]
        if (file == null) {
            return EBADF
        }
        if (file.content == null) {
            return EISDIR
        }
        int chunk = Math.max(0, Math.min(length, file.content.length - from))
        space.write(to, Arrays.copyOfRange(file.content, Math.min(from, file.content.length), Math.min(from, file.content.length) + chunk))
        chunk
    }

    private int write(int fd, byte[] bytes) {
        ByteArrayOutputStream output = outputs[fd]
        if (output == null) {
            return EBADF
        }
        output.write(bytes, 0, bytes.length)
        bytes.length
    }

    private int writev(int fd, int vector, int count) {
        int done = 0
        for (int i = 0; i < count; i++) {
            int written = write(fd, space.bytes(space.dword(vector + 8 * i), space.dword(vector + 8 * i + 4)))
            if (written < 0) {
                return written
            }
            done += written
        }
        done
    }

    private int seek(int fd, int offset, int whence) {
        Opened file = files[fd]
        if (file == null || file.path == null) {
            return file == null && !outputs.containsKey(fd) ? EBADF : ESPIPE
        }
        file.position = offset + (whence == 0 ? 0 : whence == 1 ? file.position : file.content.length)
    }

    private int llseek(int fd, int offset, int result, int whence) {
        int position = seek(fd, offset, whence)
        if (position < 0) {
            return position
        }
        space.dwords(result, position, 0)
        0
    }

    private int fstat(int fd, int to) {
        Opened file = files[fd]
        if (file?.path != null) {
            return stat(file.path, to)
        }
        if (file == null && !outputs.containsKey(fd)) {
            return EBADF
        }
        stat(to, S_IFIFO | 0600, 0, fd)
    }

    private int stat(Path path, int to) {
        if (!Files.exists(path)) {
            return ENOENT
        }
        boolean folder = Files.isDirectory(path)
        stat(to, (folder ? S_IFDIR : Files.isRegularFile(path) ? S_IFREG : S_IFCHR) | 0755, folder ? 4096 : (int) Files.size(path), path.toRealPath().hashCode())
    }

    private int stat(int to, int mode, int bytes, int inode) {
        ByteBuffer all = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN)
        all.putLong(0, 1).putInt(12, inode).putInt(16, mode).putInt(20, 1).putLong(44, bytes).putInt(52, 4096).putLong(56, (bytes + 511) >> 9)
        [64, 72, 80].each { int at -> all.putInt(at, 1_600_000_000) }
        all.putLong(88, inode & 0xFFFFFFFFL)
        space.write(to, all.array())
        0
    }

    private int getdents64(int fd, int to, int length) {
        Opened folder = files[fd]
        if (folder == null || folder.path == null || folder.listed) {
            return folder?.listed ? 0 : EBADF
        }
        ByteBuffer all = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN)
        String[] names = folder.path.toFile().list().sort()
        for (String name : names) {
            byte[] bytes = name.getBytes('UTF-8')
            int size = (19 + bytes.length + 8) & -8
            if (all.remaining() < size) {
                return EINVAL
            }
            int at = all.position()
            all.putLong(at, name.hashCode() & 0xFFFFFFFFL).putLong(at + 8, at + size).putShort(at + 16, (short) size).put(at + 18, (byte) 0)
            all.position(at + 19).put(bytes).position(at + size)
        }
        folder.listed = true
        space.write(to, Arrays.copyOf(all.array(), all.position()))
        all.position()
    }

    private int getcwd(int to, int length) {
        byte[] bytes = (directory.toString() + '\0').getBytes('UTF-8')
        if (bytes.length > length) {
            return EINVAL
        }
        space.write(to, bytes)
        bytes.length
    }

    // ---- memory

    private int moveBreak(int to) {
        if (to == 0 || Integer.compareUnsigned(to, brk) < 0) {
            return brk
        }
        int from = UserSpace.pages(brk)
        space.map(from, UserSpace.pages(to) - from, true, true)
        brk = to
    }

    private int mmap(int hint, int length, int protection, int flags, int fd, int offset) {
        if ((flags & MAP_ANONYMOUS) == 0 && files[fd]?.content == null) {
            return EBADF
        }
        int at = hint
        if ((flags & MAP_FIXED) == 0) {
            at = room(length)
        }
        space.map(at, length, protection != 0, (protection & 2) != 0)
        if ((flags & MAP_ANONYMOUS) == 0) {
            byte[] content = files[fd].content
            space.write(at, Arrays.copyOfRange(content, Math.min(offset, content.length), Math.min(offset + length, content.length)))
        }
        at
    }

    private int room(int length) {
        nextMapping -= UserSpace.pages(length)
    }

    private int protect(int at, int length, int protection) {
        for (int page = at; page - at < length; page += UserSpace.PAGE) {
            if (!space.mapped(page)) {
                return ENOMEM
            }
        }
        space.protect(at, length, protection != 0, (protection & 2) != 0)
        0
    }

    private int mremap(int old, int oldLength, int length, int flags) {
        if (UserSpace.pages(length) <= UserSpace.pages(oldLength)) {
            space.unmap(old + UserSpace.pages(length), UserSpace.pages(oldLength) - UserSpace.pages(length))
            return old
        }
        if ((flags & MREMAP_MAYMOVE) == 0) {
            return ENOMEM
        }
        byte[] content = space.bytes(old, oldLength)
        int at = room(length)
        space.map(at, length, true, true)
        space.write(at, content)
        space.unmap(old, oldLength)
        at
    }

    // ---- the rest

    /** Puts a {@code struct user_desc} into the descriptor table (segment descriptors: SDM vol. 3A "Segment Descriptors"). */
    private int setThreadArea(int description) {
        int entry = space.dword(description)
        if (entry == -1) {
            entry = (FIRST_TLS..<FIRST_TLS + TLS_SLOTS).find { int slot -> guest.physical().read32(gdt + 8 * slot + 4) == 0 } as int
            space.dwords(description, entry)
        }
        int base = space.dword(description + 4)
        int limit = space.dword(description + 8)
        guest.physical().write32(gdt + 8 * entry, base << 16 | limit & 0xFFFF)
        guest.physical().write32(gdt + 8 * entry + 4, base & 0xFF000000 as int | 0x00C0F200 | limit & 0xF0000 | base >>> 16 & 0xFF)
        0
    }

    private int uname(int to) {
        byte[] all = new byte[65 * 6]
        ['Linux', 'guest', '5.10.0', '#1', 'i686', '(none)'].eachWithIndex { String text, int i -> System.arraycopy(text.bytes, 0, all, 65 * i, text.length()) }
        space.write(to, all)
        0
    }
}
