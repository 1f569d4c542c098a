package lguest.device

import groovy.transform.CompileStatic
import java.nio.file.Path
import lguest.disk.DiskImage
import lguest.mem.PhysicalMemory

/**
 * A guest of a process of its own that writes to disks for ever, each in turn, and says after every request that the disk has called
 * done which one it was. What it writes follows from a seed and the number of the request.
 */
@CompileStatic
class DiskWriter {
    static final int DISK_BYTES = 16 << 20
    private static final int PAGES = 0x20000
    private static final int BOUND = 0x100
    private static final int SENT = 0x200
    private static final int DATA = 0x2000

    /** One request: where, and what. */
    static class Request {
        final int sector
        final byte[] data

        Request(long seed, int number) {
            Random random = new Random(seed * 1_000_003 + number)
            int sectors = random.nextInt(3) == 0 ? 1 + random.nextInt(100) : 1 + random.nextInt(8)
            sector = random.nextInt(DISK_BYTES.intdiv(512) - sectors)
            data = new byte[sectors * 512]
            random.nextBytes(data)
        }
    }

    /** The argument is a seed. What else it needs it waits for on its input, a line each: the number of the first request, images, nothing. */
    static void main(String[] args) {
        long seed = args[0] as long
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in))
        int number = orders.readLine() as int
        List<String> images = []
        for (String image; (image = orders.readLine());) {
            images << image
        }
        PhysicalMemory memory = new PhysicalMemory(PAGES + 4096 * images.size())
        FakePort port = new FakePort(memory)
        List<BlockDisk> disks = images.collect {
            BlockDisk.open(DiskImage.of(Path.of(it)), BlockDisk.Mode.READ_WRITE, { String line -> }, { String line -> System.err.println(line) }, null)
        }
        disks.eachWithIndex { BlockDisk disk, int i -> disk.attach(memory, port, page(i)) }
        OutputStream done = new FileOutputStream(FileDescriptor.out)
        try {
            while (true) {
                Request request = new Request(seed, number)
                for (int i = 0; i < disks.size(); i++) {
                    write(memory, port, disks[i], page(i), request)
                    done.write([number, i] as byte[])
                }
                number++
            }
        } catch (LauncherExit end) {
            System.err.println('lguest: ' + end.message)
            System.exit(1)
        }
    }

    private static int page(int disk) { PAGES + 4096 * disk }

    private static void write(PhysicalMemory memory, FakePort port, BlockDisk disk, int page, Request request) {
        port.bind(page, 1, BOUND)
        Structs.bytes(memory, DATA, request.data)
        Structs.dma(memory, BOUND, [[0x1000, 512]])
        Structs.dma(memory, SENT, [[DATA, request.data.length]])
        Structs.request(memory, page, true, request.sector, request.data.length)
        disk.output(page, Dma.at(memory, SENT))
        if (Structs.result(memory, page) != BlockDisk.DONE) {
            throw new IllegalStateException('a write has failed')
        }
    }
}
