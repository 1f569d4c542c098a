package lguest.machine

import static lguest.machine.TinyKernel.*

import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.ExecutionException
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import lguest.device.BlockDisk
import lguest.probe.Event
import lguest.probe.Verb
import spock.lang.Specification
import spock.lang.TempDir

/**
 * Guests made to break their Host. Whatever they do, they die a documented death, power off or use up their budget; and never do
 * they get to CPL 0.
 */
abstract class HostileGuests extends Specification {
    static final int RAM = 3 << 20
    static final long BUDGET = 500_000
    static final long HANG_SECONDS = 60
    static final int DISK_BYTES = 8192

    static final List<String> DEATHS = [
        /hypercall -?\d+ before LGUEST_INIT/, /already have lguest_data/, /bad guest page [0-9a-f]{8}/, /Bad hypercall -?\d+\n/,
        /bad read address 0x[0-9a-f]+( len -?\d+)?/, /bad write address 0x[0-9a-f]+/, /too many gdt entries -?\d+/, /bad IDT type \d+/,
        /bad stack segment -?\d+/, /bad stack pages \d+/, /bad stack page 0x[0-9a-f]+/, /bad page directory entry/, /bad page table entry/,
        /attempt to access switcher pages/, /bad dma key 0x[0-9a-f]+/, /bad sending DMA key/,
        /unhandled trap \d+ at 0x[0-9a-f]+ \(0x[0-9a-f]+\)/, /bad stack address 0x[0-9a-f]+ for trap \d+ at 0x[0-9a-f]+/, /(?s)CRASH: .*/,
        /(dma@0x[0-9a-f]+:\d+: )?Invalid address -?\d+/, /Bad offset \d+ vs \d+: .*/, /Block request didn't give us a dma buffer: .*/, /Write past end \d+\+\d+/
    ]

    static final List<Integer> EDGES = [0, 1, 2, 3, 4, 7, 32, 33, 0xFF, 0x1000, RAM - 1, RAM, RAM + 0x1000, RAM + 0x2000, RAM + 0x2FFD,
        0x7FFFFFFF, 0x80000000 as int, 0xBFFFFFFF as int, PAGE_OFFSET, 0xFFBFFFFF as int, 0xFFC00000 as int, -4096, -4, -1,
        DATA, GDT, DMA, DMA + 1, SCRATCH, STACK, GARBAGE, DIRECTORY, DIRECTORY + 2, TABLE, PAGE_OFFSET + STACK, PAGE_OFFSET + SCRATCH]

    @TempDir
    Path folder

    Path disk
    Path bystander
    boolean reachedRing0

    def setup() {
        disk = Files.write(folder.resolve('disk'), new byte[DISK_BYTES])
        bystander = Files.writeString(folder.resolve('bystander'), 'not for guests')
    }

    Guest guest(TinyKernel kernel) {
        def config = new GuestConfig('hostile').memoryBytes(RAM).kernel(kernel.save(folder.resolve('kernel')))
            .block(disk, BlockDisk.Mode.READ_WRITE)
        def guest = Guest.create(config)
        [new Event.HypercallEvent(Event.ANY), new Event.FaultEvent(Event.ANY), new Event.InterruptEvent(Event.ANY)].each {
            guest.probes().add(it, Verb.BEFORE, null, { reachedRing0 |= guest.cpu().cpl == 0 }, 'spec')
        }
        return guest
    }

    /** Runs on a thread of its own, which a hanging guest may keep. */
    Stop run(Guest guest, long budget = BUDGET) {
        def limit = Limit.instructions(budget).andGuestTime(Duration.ofSeconds(1)).andHostTime(Duration.ofSeconds(20))
        def task = new FutureTask<Stop>({ guest.run(limit) })
        def thread = new Thread(task, 'hostile')
        thread.daemon = true
        thread.start()
        try {
            return task.get(HANG_SECONDS, TimeUnit.SECONDS)
        } catch (TimeoutException hangs) {
            throw new AssertionError("hangs after ${guest.instructions()} instructions: ${thread.stackTrace.join('\n    ')}" as Object)
        } catch (ExecutionException escaped) {
            throw new AssertionError("at EIP ${Integer.toHexString(guest.cpu().eip)}, instruction ${guest.instructions()}", escaped.cause)
        }
    }

    void harmless(Guest guest, Stop stop) {
        assert stop.kind() in [Stop.Kind.DEAD, Stop.Kind.OFF, Stop.Kind.LIMIT]
        if (stop.kind() == Stop.Kind.DEAD) {
            assert DEATHS.any { stop.reason().matches(it) }: stop.reason()
        }
        assert guest.cpu().cpl in 1..3 && !reachedRing0
        assert Files.size(disk) == DISK_BYTES
        assert Files.readString(bystander) == 'not for guests'
        assert Files.list(folder).withCloseable { it.count() } == 3
    }

    // ---- generated guests

    static int word(Random random) {
        switch (random.nextInt(4)) {
            case 0: return EDGES[random.nextInt(EDGES.size())]
            case 1: return EDGES[random.nextInt(EDGES.size())] + random.nextInt(9) - 4
            case 2: return random.nextInt(RAM + 0x4000)
            default: return random.nextInt()
        }
    }

    /** Mostly an argument that the call takes, so that the guest lives to make the next. */
    static int either(Random random, int sane) {
        return random.nextInt(24) ? sane : word(random)
    }

    static void wildCall(Random r, Closure<?> made) {
        switch (r.nextInt(12)) {
            case 0: made(3, either(r, GDT), either(r, r.nextInt(33)), word(r)); break
            case 1: made(4, either(r, DIRECTORY + 0x1000 * r.nextInt(2)), word(r), word(r)); break
            case 2: made(5, word(r), word(r), word(r)); break
            case 3: made(6, word(r), word(r), either(r, r.nextInt() & ~0x1F00 | 0xE00 | r.nextInt(2) << 8)); break
            case 4: made(7, either(r, KERNEL_DS), either(r, PAGE_OFFSET + STACK - 4 * r.nextInt(9)), either(r, r.nextInt(3))); break
            case 5: made(8, word(r), word(r), word(r)); break
            case 6: made(9, word(r), word(r), word(r)); break
            case 7: made(12, either(r, r.nextInt(RAM) & -4), word(r), r.nextInt() & 0xFFFFFF); break
            case 8: made(13, either(r, r.nextInt(RAM) & -4), either(r, SCRATCH), word(r)); break
            case 9: made(14, either(r, DIRECTORY), word(r) & 0x7FFFFFFF, either(r, r.nextInt(RAM) & -4096 | 0x67)); break
            case 10: made(15, either(r, DIRECTORY), word(r), word(r)); break
            default: made(either(r, 16), either(r, GDT), word(r), word(r))
        }
    }

    static byte[] noise(Random random, int count) {
        def bytes = new byte[count]
        random.nextBytes(bytes)
        return bytes
    }

    /** Kinds of guests: each fills in a kernel. */
    static final Map<String, Closure> KINDS = [
        'calls before LGUEST_INIT': { TinyKernel k, Random r ->
            20.times { k.hypercall(r.nextInt(3) ? 1 : r.nextInt(20) - 1, word(r), word(r), word(r)) }
            k.spin()
        },
        'calls with wild arguments': { TinyKernel k, Random r ->
            k.put(DIRECTORY + 0x1000 + 768 * 4, TABLE | 7)
            k.init().recovering()
            300.times { k.trial { wildCall(r) { int number, int a1, int a2, int a3 -> k.hypercall(number, a1, a2, a3) } } }
            k.powerOff()
        },
        'a ring of wild calls': { TinyKernel k, Random r ->
            64.times { int slot ->
                wildCall(r) { int number, int a1, int a2, int a3 -> k.slot(slot, r.nextInt(8) ? 0 : -1, number, a1, a2, a3) }
            }
            k.init().recovering()
            int again = k.here()
            100.times { k.trial { k.store(PAGE_OFFSET + DATA + 0x14 + 4 * r.nextInt(16), 0).hypercall(0) } }
            k.jump(again)
        },
        'wild page tables': { TinyKernel k, Random r ->
            k.init().recovering()
            k.hypercall(4, DIRECTORY).hypercall(5, 1)
            200.times {
                int linear = r.nextBoolean() ? word(r) : r.nextInt(0x400000)
                int entry = r.nextInt(6) ? (r.nextInt(RAM) & -4096 | r.nextInt(8) | r.nextInt(2) << 5) : r.nextInt()
                k.trial { k.store(PAGE_OFFSET + OTHER_TABLE + 4 * r.nextInt(1024), entry) }
                k.trial { k.store(PAGE_OFFSET + DIRECTORY + 4 * r.nextInt(768), OTHER_TABLE | (r.nextInt(9) ? 7 : r.nextInt(0xFFF))) }
                k.trial {
                    switch (r.nextInt(5)) {
                        case 0: k.hypercall(14, DIRECTORY, linear, entry); break
                        case 1: k.hypercall(15, DIRECTORY, r.nextInt(1024)); break
                        case 2: k.hypercall(5, r.nextInt(2)); break
                        case 3: k.load(linear); break
                        default: k.store(linear & 0x3FFFFFFF, r.nextInt())
                    }
                }
                k.trial { k.jump(linear & 0x3FFFFFFF) }
            }
            k.powerOff()
        },
        'page tables that are pages of themselves': { TinyKernel k, Random r ->
            k.put(DIRECTORY, DIRECTORY | 7).put(DIRECTORY + 4, DIRECTORY | 7).put(DIRECTORY + 8, TABLE | 7)
            k.init().recovering()
            k.hypercall(4, DIRECTORY).hypercall(5, 1)
            300.times {
                k.trial { k.load(r.nextInt(0xC00000)) }
                k.trial { k.store(r.nextInt(0xC00000), r.nextInt(3) ? DIRECTORY | 0x67 : r.nextInt()) }
                k.trial { k.jump(r.nextInt(0xC00000)) }
            }
            k.powerOff()
        },
        'wild descriptors': { TinyKernel k, Random r ->
            (0..31).findAll { !(it in 12..13) }.each { k.put(GDT + 8 * it, r.nextInt(), r.nextInt() | (r.nextInt(3) ? 0x8000 : 0)) }
            k.init().recovering()
            400.times {
                int selector = r.nextInt(32) << 3 | r.nextInt(8)
                k.trial {
                    k.set(EAX, selector).set(EBX, PAGE_OFFSET + SCRATCH)
                    switch (r.nextInt(9)) {
                        case 0: k.code(0x8E, 0xC0 | r.nextInt(6) << 3); break
                        case 1: k.code(0x0F, 0x02 + r.nextInt(2), 0xC8); break
                        case 2: k.code(0x0F, 0x00, 0xC0 | r.nextInt(8) << 3); break
                        case 3: k.code(0xEA).dword(k.here() + 6).code(selector, selector >> 8); break
                        case 4: k.code(0x9A).dword(k.here() + 6).code(selector, selector >> 8); break
                        case 5: k.push(selector).push(k.here() + 6).code(0xCB); break
                        case 6: k.push(r.nextInt(256)).push(r.nextInt()).push(r.nextInt()).push(selector).push(k.here() + 6).code(0xCF); break
                        case 7: k.code(0x8E, 0xC0 | r.nextInt(6) << 3, 0x26, 0x8A, 0x03, 0x64, 0x88, 0x03); break
                        default: k.user(PAGE_OFFSET + GARBAGE, r.nextInt(), selector, r.nextInt(256))
                    }
                }
            }
            k.powerOff()
        },
        'descriptors that change under foot': { TinyKernel k, Random r ->
            k.init().recovering()
            40.times {
                k.trial {
                    k.store(PAGE_OFFSET + GDT + 8 * (r.nextInt(20)) + 4 * r.nextInt(2), r.nextInt())
                    k.code(0xB8).dword(r.nextInt(32) << 3 | r.nextInt(4)).code(0x8E, 0xC0 | [0, 3, 4, 5][r.nextInt(4)] << 3)
                    r.nextBoolean() ? k.hypercall(3, GDT, r.nextInt(34)) : k.hypercall(16, GDT + 8 * r.nextInt(20))
                }
            }
            k.powerOff()
        },
        'traps of every kind': { TinyKernel k, Random r ->
            k.init().recovering(r.nextBoolean() ? 0xF : 0xE)
            int garbage = PAGE_OFFSET + GARBAGE
            k.position(GARBAGE, [0xCD, r.nextInt(256), 0xCC, 0xCE, 0xF1, 0x0F, 0x0B] as byte[])
            300.times {
                k.trial {
                    switch (r.nextInt(8)) {
                        case 0: k.code(0xCD, r.nextInt(256)); break
                        case 1: k.code([0xCC, 0xCE, 0xF1, 0xF4, 0xFA, 0xFB, 0x6C, 0x6E][r.nextInt(8)]); break
                        case 2: k.code(0x31, 0xC9, 0xF7, 0xF1); break
                        case 3: k.code(0x0F, [0x0B, 0x06, 0x08, 0x09, 0x20, 0x22, 0x23, 0x30, 0x32, 0x33, 0x34, 0x35, 0xAA][r.nextInt(13)], 0xC0); break
                        case 4: k.push(r.nextInt() | 0x4102).code(0x9D, 0x90, 0xCF); break
                        case 5: k.user(garbage + r.nextInt(7), r.nextInt()); break
                        case 6: k.push(r.nextInt()).push(0x61).push(k.here() + 6).code(0xCF); break
                        default: k.code(0xE4 + r.nextInt(4), r.nextInt(256), 0xEC + r.nextInt(4))
                    }
                }
            }
            k.powerOff()
        },
        'stacks that are none': { TinyKernel k, Random r ->
            k.init().recovering()
            50.times {
                k.trial { k.hypercall(7, r.nextInt(4) ? KERNEL_DS : word(r), r.nextInt(3) ? PAGE_OFFSET + r.nextInt(RAM) : word(r), r.nextInt(4) ? 0 : 1) }
                k.trial {
                    switch (r.nextInt(4)) {
                        case 0: k.user(PAGE_OFFSET + GARBAGE); break
                        case 1: k.set(ESP, word(r)).code(0x0F, 0x0B); break
                        case 2: k.set(ESP, word(r)).code(0xCD, 0x80); break
                        default: k.set(ESP, word(r)).code(0x60, 0xC8, 0xFF, 0xFF, 0x1F)
                    }
                }
            }
            k.powerOff()
        },
        'jumps into nowhere': { TinyKernel k, Random r ->
            k.init().recovering()
            300.times { k.trial { k.jump(r.nextBoolean() ? word(r) : PAGE_OFFSET + word(r)) } }
            k.powerOff()
        },
        'DMA from everywhere to everywhere': { TinyKernel k, Random r ->
            8.times {
                k.dma(DMA + 100 * it, (0..<2 * r.nextInt(17)).collect { i -> i % 2 ? (r.nextInt(40) ? r.nextInt(300) : r.nextInt()) :
                    (r.nextInt(60) ? r.nextInt(RAM) : word(r)) } as int[])
            }
            k.init().recovering()
            int blockPage = RAM + 0x1000
            100.times {
                int key = [0, blockPage, r.nextInt(RAM) & -4, either(r, 0)][r.nextInt(4)]
                int struct = r.nextInt(40) ? DMA + 100 * r.nextInt(8) : word(r)
                k.trial { r.nextBoolean() ? k.hypercall(12, key, struct, r.nextInt(9) << 8 | r.nextInt(33)) : k.hypercall(13, key, struct) }
                k.trial { k.store(PAGE_OFFSET + SCRATCH + 0x100, 0).store(PAGE_OFFSET + struct, 0) }
            }
            k.powerOff()
        },
        'scribbled device pages': { TinyKernel k, Random r ->
            k.dma(DMA, GARBAGE, 512).dma(DMA + 100, GARBAGE + 512, 1024)
            k.init().recovering()
            k.hypercall(4, DIRECTORY).hypercall(5, 1)
            int page = RAM + 0x1000
            60.times {
                k.trial { k.store(PAGE_OFFSET + RAM + r.nextInt(0x2000), r.nextInt()) }
                k.trial { k.store(PAGE_OFFSET + page, r.nextInt(3)).store(PAGE_OFFSET + page + 4, r.nextInt(9) ? r.nextInt(16) : r.nextInt()) }
                k.trial { k.store(PAGE_OFFSET + page + 8, [512, 1024, r.nextInt()][r.nextInt(3)]).store(PAGE_OFFSET + DMA + 100, 0) }
                k.trial { k.hypercall(12, page, DMA + 100, 1 << 8 | 1 + r.nextInt(31)).hypercall(13, page, DMA).hypercall(12, page, DMA + 100, 0) }
            }
            k.powerOff()
        },
        'garbage executed at CPL 1': { TinyKernel k, Random r -> garbage(k, r, false) },
        'garbage executed at CPL 3': { TinyKernel k, Random r -> garbage(k, r, true) },
        'interrupt storms': { TinyKernel k, Random r ->
            k.put(DATA, 0x200, r.nextInt(4) ? 0 : r.nextInt())
            k.init()
            k.code(0xEB, 0x24)
            int handler = k.here()
            k.code(0x60).hypercall(9, 1 + r.nextInt(3) * r.nextInt(2000)).store(PAGE_OFFSET + DATA, r.nextInt(5) ? 0x200 : 0)
            k.code(0x61, r.nextInt(9) ? 0xCF : 0x90, 0xCF)
            k.gates(handler, r.nextBoolean() ? 0xE : 0xF).hypercall(9, 1)
            int again = k.here()
            k.hypercall(r.nextInt(3) ? 10 : 0).store(PAGE_OFFSET + DATA, 0x200).code(0x90).jump(again)
        },
        'sleep for ever': { TinyKernel k, Random r ->
            k.put(DATA, r.nextInt(2) << 9, r.nextInt())
            k.put(DATA + 0x460, word(r), word(r))
            k.slot(0, -r.nextInt(2), 10, 0, 0, 0).init().recovering()
            int again = k.here()
            k.hypercall(9, r.nextInt(3) * 1000).hypercall(10).hypercall(10).jump(again)
        },
        'strings without end': { TinyKernel k, Random r ->
            k.init().recovering()
            100.times {
                k.trial {
                    k.set(ECX, r.nextBoolean() ? -1 : r.nextInt()).set(ESI, r.nextBoolean() ? PAGE_OFFSET + word(r) : word(r))
                    k.set(EDI, r.nextInt(3) ? PAGE_OFFSET + GARBAGE + r.nextInt(GARBAGE_BYTES) : word(r)).set(EAX, r.nextInt())
                    k.code([0xFC, 0xFD][r.nextInt(2)], [0xF2, 0xF3][r.nextInt(2)])
                    k.code([0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0x6D, 0x6F][r.nextInt(12)], 0xFC)
                }
            }
            k.powerOff()
        },
        'code that overwrites itself': { TinyKernel k, Random r ->
            k.init().recovering()
            int again = k.here()
            100.times {
                k.trial {
                    k.store(k.here() + r.nextInt(24) - 4, r.nextInt())
                    k.code(0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90)
                }
            }
            k.jump(again)
        }
    ]

    /** Random bytes in writable pages; every fault starts them again somewhere else, with other registers. */
    static void garbage(TinyKernel k, Random r, boolean user) {
        k.position(GARBAGE, noise(r, GARBAGE_BYTES))
        k.init()
        int seed = PAGE_OFFSET + SCRATCH + 8
        k.put(SCRATCH + 8, r.nextInt())
        int skip = k.here() + 2
        k.code(0xEB, 0x00)
        int handler = k.here()
        k.code(0xB8).dword(KERNEL_DS).code(0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xE0, 0x8E, 0xE8, 0x8E, 0xD0).set(ESP, PAGE_OFFSET + STACK)
        // seed = seed * 1103515245 + 12345
        k.load(seed).code(0x69, 0xC0).dword(1103515245).code(0x05).dword(12345).code(0xA3).dword(seed)
        k.code(0xC1, 0xE8, 0x10, 0x25).dword(GARBAGE_BYTES - 1).code(0x05).dword(PAGE_OFFSET + GARBAGE)
        // Every register points somewhere into the garbage.
        k.code(0x89, 0xC3, 0x89, 0xC5, 0x89, 0xC6, 0x8D, 0xB8).dword(0x40).code(0x89, 0xC1, 0x31, 0xD2)
        if (user) {
            k.push(USER_DS).push(PAGE_OFFSET + USER_STACK).push(0x202).push(USER_CS).code(0x50, 0xCF)
        } else {
            k.code(0xFF, 0xE0)
        }
        k.image.put(skip - 1 - PAGE_OFFSET - BASE, (byte) (k.here() - skip))
        k.gates(handler, r.nextBoolean() ? 0xF : 0xE, r.nextInt(4)).jump(handler)
    }
}
