package lguest.machine

import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.nio.file.Path
import lguest.translate.Tuning
import spock.lang.AutoCleanup
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('A guest that writes new code for ever')
class CodeGeneratorSlowSpec extends Specification {
    static final int BASE = 0x100000
    static final int MEMORY = 4 << 20
    /** Functions are written here, one after the other, and again from the beginning when there is no more room: 4096 of them. */
    static final int FUNCTIONS = 0x200000
    static final int END = 0x240000
    static final int ROUNDS = Integer.getInteger('lguest.generator.rounds', 6)
    static final long ROUND = 10_000_000

    @TempDir
    Path folder

    @AutoCleanup
    Guest guest

    /** Writes a function that adds a number of its own to EBX in a loop, calls it, and goes on to the next. */
    private Path image() {
        def code = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN)
        code.put('BC00002000'.decodeHex())              // mov esp,0x200000
        code.put('BF'.decodeHex()).putInt(FUNCTIONS)    // mov edi,FUNCTIONS
        int next = code.position()
        code.put('41'.decodeHex())                      // inc ecx, the number
        code.put('C607B8C74701E8030000'.decodeHex())    // mov byte [edi],0xB8; mov dword [edi+1],1000: mov eax,1000
        code.put('66C7470581C3'.decodeHex())            // mov word [edi+5],0xC381
        code.put('894F07'.decodeHex())                  // mov [edi+7],ecx: add ebx,ecx
        code.put('C7470B4875F7C3'.decodeHex())          // mov dword [edi+11],: dec eax; jnz the addition; ret
        code.put('FFD7'.decodeHex())                    // call edi
        code.put('83C740'.decodeHex())                  // add edi,64
        code.put('81FF'.decodeHex()).putInt(END)        // cmp edi,END
        code.put('72'.decodeHex()).put((byte) (next - code.position() - 1))
        code.put('BF'.decodeHex()).putInt(FUNCTIONS)    // mov edi,FUNCTIONS
        code.put('EB'.decodeHex()).put((byte) (next - code.position() - 1))
        Files.write(folder.resolve('generator.bin'), Arrays.copyOf(code.array(), code.position()))
    }

    private static long usedMetaspace() {
        System.gc()
        ManagementFactory.memoryPoolMXBeans.findAll { it.name in ['Metaspace', 'Compressed Class Space'] }*.usage*.used.sum() as long
    }

    private static long usedHeap() {
        System.gc()
        ManagementFactory.memoryMXBean.heapMemoryUsage.used
    }

    def "neither classes nor anything else pile up, and it never stalls"() {
        given:
        guest = Guest.create(new GuestConfig('generator').platform(GuestConfig.Platform.BARE).memoryBytes(MEMORY).kernel(image())
            .loadAddress(BASE).engine(GuestConfig.Engine.TRANSLATOR).translates({ Runnable work -> work.run() }, new Tuning(50, 100, false)))
        def classes = ManagementFactory.classLoadingMXBean
        List<Long> metaspace = []
        List<Long> heap = []

        when:
        ROUNDS.times {
            guest.step(ROUND)
            metaspace << usedMetaspace()
            heap << usedHeap()
        }
        def seen = guest.statisticsByName()
        println "generator: $seen, metaspace ${metaspace*.intdiv(1024)} KiB, heap ${heap*.intdiv(1024)} KiB, " +
            "$classes.unloadedClassCount classes unloaded"

        then: 'functions were translated, and executed so, until it was clear that they do not last'
        guest.alive()
        guest.instructions() == ROUNDS * ROUND
        seen.regions > 4000
        seen.translated > 10_000_000

        and: 'what is overwritten is forgotten'
        seen.retired > 0.5 * seen.regions
        classes.unloadedClassCount > 0.4 * seen.regions
        metaspace.last() < metaspace[1] * 1.3 + (4 << 20)
        heap.last() < heap[1] * 1.3 + (16 << 20)
    }
}
