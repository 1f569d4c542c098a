package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic

/** What a guest of the mix may do, as code of its kernel. */
@CompileStatic
class Acts {
    private static final int EAX = 0
    private static final int DMA_STRIDE = 0x80
    static final int DMA_PORT = 0x50

    private final Random random
    private final MixKernel kernel
    private final Assembler out
    private final Farm farm
    private final boolean wild
    private final boolean quiet
    private final int dmas

    /**
     * @param wild programs may write anywhere, and none of that code is the kernel's
     * @param quiet changes of page tables are not always announced
     */
    Acts(Random random, MixKernel kernel, Farm farm, boolean wild, boolean quiet, int dmas) {
        this.random = random
        this.kernel = kernel
        this.out = kernel.out
        this.farm = farm
        this.wild = wild
        this.quiet = quiet
        this.dmas = dmas
    }

    Act any() {
        switch (random.nextInt(40)) {
            case 0..8: return wild ? program() : function()
            case 9..14: return program()
            case 15..18: return patch()
            case 19: case 20: return wild ? patch() : hotPatch()
            case 21: return replace()
            case 22: return wild ? replace() : nursery()
            case 23..25: return map()
            case 26: return wild ? map() : alternate()
            case 27: case 28: return otherDirectory()
            case 29: return large()
            case 30: case 31: return protect()
            case 32: case 33: return halt()
            case 34: case 35: return dma()
            case 36: return table()
            case 37: return ownPatch()
            case 38: return singleStep()
            default: return kernel.bare ? breakpoint() : flush()
        }
    }

    Act halt() {
        new Act('halt', { halting() })
    }

    private void halting() {
        if (kernel.bare) {
            out.emit('FB F4')
        } else {
            kernel.hypercall(10)
        }
    }

    // ---- code is run

    private void registers() {
        [0, 1, 2, 3].each { int register -> out.bytes(0xB8 | register).emit('', random.nextInt(4) ? random.nextInt() : random.nextInt(8)) }
        [5, 6, 7].each { int register -> out.bytes(0xB8 | register).emit('', pointer()) }
    }

    /** Data, near the end of a page now and then, where the next may be absent or read-only. */
    private int pointer() {
        int page = random.nextInt(DATA_PAGES + 2)
        int offset = random.nextInt(3) ? 0x100 + random.nextInt(0xE00) : 0xF78 + random.nextInt(0x88)
        if (page >= DATA_PAGES) {
            page = random.nextInt(DATA_PAGES)
            offset = offset & 0xFFF
        }
        int physical = DATA + page * PAGE + offset
        if (wild && random.nextInt(3) == 0) {
            return Farm.window(random, FARM + random.nextInt(FARM_PAGES * PAGE), true)
        }
        switch (random.nextInt(5)) {
            case 0: return home(physical) - HOME + ALIAS
            case 1: return LARGE + physical
            case 2: return WINDOW + (FARM_PAGES + random.nextInt(WINDOW_PAGES - FARM_PAGES - 1)) * PAGE + offset
            default: return home(physical)
        }
    }

    private int entry() {
        Farm.window(random, Farm.start(Farm.any(random)) + (wild && random.nextInt(4) == 0 ? random.nextInt(0x80) : 0), true)
    }

    Act function() {
        int target = entry()
        long seed = random.nextLong()
        new Act(String.format('call %08x', target), { again(seed) { Acts acts -> acts.call(target, true) } })
    }

    /** Code whose registers are as random as the seed says, however often it is emitted. */
    private void again(long seed, Closure<?> work) {
        work.call(new Acts(new Random(seed), kernel, farm, wild, quiet, dmas))
    }

    private void call(int target, boolean anew) {
        if (anew) {
            out.emit('BC', home(USER_STACK_END) - 0x100)
        }
        registers()
        out.emit('E8', target - (KERNEL + out.at + 5))
        out.jump('E8', 'sums')
    }

    Act program(int flags = 0x202 | random.nextInt() & 0xC95) {
        int target = entry()
        long seed = random.nextLong()
        int stack = home(USER_STACK_END) - 0x100 - 4 * random.nextInt(0x400)
        new Act(String.format('program %08x%s', target, (flags & 0x100) != 0 ? ', step by step' : ''), {
            out.emit('68', USER_DS).emit('68', stack).emit('68', flags & ~0x400).emit('68', USER_CS).emit('68', target)
            out.emit('B8', USER_DS).emit('8ED8 8EC0')
            again(seed) { Acts acts -> acts.registers() }
            out.emit('CF')
        })
    }

    Act singleStep() {
        random.nextBoolean() ? program(0x302) : new Act('single step', { out.emit('9C 810C24 00010000 9D 40 40') })
    }

    Act breakpoint() {
        int register = random.nextInt(4)
        boolean data = random.nextBoolean()
        int at = data ? home(DATA) + 4 * random.nextInt(0x1000) : entry()
        int control = random.nextInt(3) == 0 ? 0x400 : 0x400 | 2 << register * 2 | (data ? 0xD : 0) << 16 + register * 4
        new Act(String.format('dr%d %08x, dr7 %08x', register, at, control), {
            out.emit('B8', at).bytes(0x0F, 0x23, 0xC0 | register << 3).emit('B8', control).emit('0F23F8')
        })
    }

    // ---- code is changed

    /** Where a byte of the farm can be written for sure; anywhere if it matters to no kernel. */
    private int certain(int physical) {
        wild ? Farm.window(random, physical, false) : usual(physical)
    }

    private Farm.Site site() {
        wild && random.nextInt(3) == 0 ? new Farm.Site(FARM + random.nextInt(FARM_PAGES * PAGE - 4), 'immediate', 4)
            : farm.sites[random.nextInt(farm.sites.size())]
    }

    Act patch() {
        def site = site()
        byte[] value = Farm.patch(random, site)
        int at = certain(site.physical)
        new Act(String.format('patch %s at %08x with %s', site.kind, at, value.encodeHex()), { out.store(at, value) })
    }

    /** A function is called, changed and called in a loop. */
    Act hotPatch() {
        int number = Farm.any(random)
        int first = Farm.start(number)
        def near = farm.sites.findAll { it.physical >= first && it.physical < first + 0x100 }
        if (near.isEmpty()) {
            return patch()
        }
        int target = Farm.window(random, first, true)
        int times = 2 + random.nextInt(30)
        def writes = (1 + random.nextInt(2)).collect {
            def chosen = near[random.nextInt(near.size())]
            new Tuple2<Integer, byte[]>(certain(chosen.physical), Farm.patch(random, chosen))
        }
        long seed = random.nextLong()
        new Act(String.format('call %08x %d times, with patches', target, times), {
            out.emit('BC', home(USER_STACK_END) - 0x100).emit('B9', times)
            String start = out.fresh()
            out.label(start).emit('51')
            writes.each { Tuple2<Integer, byte[]> one ->
                out.store(one.v1, one.v2)
                again(seed) { Acts acts -> acts.call(target, false) }
            }
            out.emit('59 49').jump('0F85', start)
        })
    }

    Act replace() {
        int page = random.nextInt(FARM_PAGES)
        int from = KERNEL + Farm.variant(page, random.nextInt(Farm.VARIANTS_EACH))
        int to = Farm.window(random, Farm.start(page * Farm.PER_PAGE + Farm.REPLACED), false)
        boolean bytes = random.nextBoolean()
        new Act(String.format('copy %08x to %08x', from, to), {
            out.emit('BE', from).emit('BF', to)
            out.emit('B9', bytes ? Farm.VARIANT_BYTES : Farm.VARIANT_BYTES >> 2).emit(bytes ? 'F3A4' : 'F3A5')
        })
    }

    /** A function is written to where there was none, executed, changed and executed again, each through any window. */
    Act nursery() {
        int number = random.nextInt(Farm.LEAF_COUNT)
        int at = NURSERY + (random.nextBoolean() ? PAGE - 1 - random.nextInt(0x40) : random.nextInt(2 * PAGE - Farm.LEAF_BYTES))
        boolean wipes = random.nextInt(3) != 0
        def sites = farm.leafSites[number]
        def site = sites ? sites[random.nextInt(sites.size())] : new Farm.Site(0, 'increment')
        byte[] value = Farm.patch(random, site)
        def places = (0..4).collect { usual(NURSERY) - NURSERY }
        long seed = random.nextLong()
        new Act(String.format('%scopy leaf %d to %08x and patch it', wipes ? 'wipe, ' : '', number, at), {
            if (wipes) {
                out.emit('31C0 BF', places[0] + NURSERY).emit('B9', 2 * PAGE >> 2).emit('F3AB')
            }
            out.emit('BE', KERNEL + Farm.leaf(number)).emit('BF', places[1] + at).emit('B9', Farm.LEAF_BYTES).emit('F3A4')
            again(seed) { Acts acts -> acts.call(places[2] + at, true) }
            out.store(places[3] + at + site.physical, value)
            again(seed) { Acts acts -> acts.call(places[4] + at, true) }
        })
    }

    /** One of the addresses of a page that never change. */
    private int usual(int physical) {
        [home(physical), home(physical) - HOME + ALIAS, KERNEL + physical][random.nextInt(3)]
    }

    Act ownPatch() {
        int value = random.nextInt()
        int distance = random.nextInt(4)
        boolean wide = random.nextBoolean()
        new Act('the kernel patches what it executes next', {
            int at = KERNEL + out.at + (wide ? 10 : 7) + 1 + (wide ? 0 : distance)
            if (wide) {
                out.emit('C705', at, value)
            } else {
                out.emit('C605', at).bytes(value)
            }
            out.emit('B8', 0).jump('E8', 'sums')
        })
    }

    Act dma() {
        int number = random.nextInt(dmas)
        new Act("dma $number", {
            if (kernel.bare) {
                out.emit('B8', number).emit('E6').bytes(DMA_PORT)
            } else {
                kernel.hypercall(13, Layout.DMA, Layout.DMA + number * DMA_STRIDE)
            }
        })
    }

    /** Which of the DMAs has a structure at this address. */
    static int dmaNumber(int physical) {
        (physical - Layout.DMA).intdiv(DMA_STRIDE)
    }

    // ---- mappings are changed

    private static int rights(Random random, int physical) {
        switch (random.nextInt(12)) {
            case 0: return 0
            case 1: return physical | 5
            case 2: return physical | 3
            default: return physical | 7 | (random.nextBoolean() ? 0x20 : 0)
        }
    }

    /** The guest says which pages it has changed the mapping of, or that all may be others. */
    private void announce(long seed, int directory, int entry, int... pages) {
        def chooser = new Random(seed)
        if (quiet && chooser.nextInt(3) == 0) {
            return
        }
        boolean all = chooser.nextInt(3) == 0
        if (kernel.bare && all) {
            out.emit('0F20D8 0F22D8')
        } else if (all) {
            kernel.hypercall(5, chooser.nextInt(2))
        } else {
            for (int page : pages) {
                if (kernel.bare) {
                    out.emit('0F013D', page)
                } else {
                    kernel.hypercall(14, directory, page, entry)
                }
            }
        }
    }

    Act map() {
        int page = random.nextInt(WINDOW_PAGES)
        int physical = page < FARM_PAGES ? FARM + random.nextInt(FARM_PAGES) * PAGE : DATA + random.nextInt(DATA_PAGES) * PAGE
        int entry = rights(random, physical)
        boolean other = random.nextInt(3) == 0
        int linear = WINDOW + page * PAGE
        int target = linear + (Farm.start(random.nextInt(Farm.ACROSS)) & 0xFFF)
        boolean calls = page < FARM_PAGES && !wild && random.nextBoolean()
        long seed = random.nextLong()
        new Act(String.format('map %08x to %08x%s%s', linear, entry, other ? ' in the other directory' : '', calls ? ' and call it' : ''), {
            out.emit('C705', KERNEL + (other ? OTHER_TABLE_WINDOW : TABLE_WINDOW) + 4 * page, entry)
            announce(seed, other ? OTHER_DIRECTORY : DIRECTORY, entry, linear)
            if (calls) {
                again(seed) { Acts acts -> acts.call(target, true) }
            }
        })
    }

    /** One call, to a page that is one and then the other, in turn. */
    Act alternate() {
        int linear = WINDOW + random.nextInt(FARM_PAGES) * PAGE
        int first = FARM + random.nextInt(FARM_PAGES) * PAGE
        int second = FARM + random.nextInt(FARM_PAGES) * PAGE
        int target = linear + (Farm.start(random.nextInt(Farm.ACROSS)) & 0xFFF)
        int times = 2 + random.nextInt(8)
        long seed = random.nextLong()
        new Act(String.format('call %08x %d times, which is %08x and %08x in turn', target, times, first, second), {
            int entry = KERNEL + TABLE_WINDOW + (linear - WINDOW >>> 10)
            out.emit('C705', entry, first | 7).emit('BC', home(USER_STACK_END) - 0x100).emit('B9', times)
            String start = out.fresh()
            out.label(start).emit('51 8135', entry, first ^ second)
            announce(seed, DIRECTORY, first | 7, linear)
            again(seed) { Acts acts -> acts.call(target, false) }
            out.emit('59 49').jump('0F85', start)
        })
    }

    Act otherDirectory() {
        int directory = random.nextBoolean() ? DIRECTORY : OTHER_DIRECTORY
        new Act(String.format('directory %08x', directory), {
            if (kernel.bare) {
                out.emit('B8', directory).emit('0F22D8')
            } else {
                kernel.hypercall(4, directory)
            }
        })
    }

    Act large() {
        int choice = random.nextInt(kernel.bare ? 3 : 2)
        int entry = [TABLE_SAME | 7, TABLE_SHIFTED | 7, 0x87][choice]
        long seed = random.nextLong()
        new Act(String.format('directory entry 3 is %08x', entry), {
            [DIRECTORY, OTHER_DIRECTORY].each { int directory ->
                out.emit('C705', KERNEL + directory + 12, entry)
                if (!kernel.bare) {
                    kernel.hypercall(15, directory, 3)
                }
            }
            if (kernel.bare && quiet && new Random(seed).nextBoolean()) {
                out.emit('0F013D', LARGE + FARM)
            } else if (kernel.bare) {
                out.emit('0F20D8 0F22D8')
            }
        })
    }

    /** A page of the farm is read-only, absent or as ever at its usual addresses. */
    Act protect() {
        int page = random.nextInt(FARM_PAGES)
        int entry = random.nextInt(3) ? FARM + page * PAGE | 7 : rights(random, FARM + page * PAGE)
        int linear = HOME + page * PAGE
        long seed = random.nextLong()
        new Act(String.format('map %08x to %08x', linear, entry), {
            out.emit('C705', KERNEL + TABLE_HOME + 4 * page, entry)
            announce(seed, DIRECTORY, entry, linear, linear - HOME + ALIAS)
        })
    }

    Act flush() {
        int all = random.nextInt(2)
        new Act("flush $all", { kernel.hypercall(5, all) })
    }

    /** What of a page table has been accessed and is dirty goes into the sum. */
    Act table() {
        int table = [TABLE_HOME, TABLE_WINDOW, TABLE_SAME, TABLE_SHIFTED][random.nextInt(4)]
        int page = random.nextInt(WINDOW_PAGES) + (table in [TABLE_SAME, TABLE_SHIFTED] ? FARM >>> 12 : 0)
        new Act(String.format('read entry %d of table %08x', page, table), {
            out.emit('A1', KERNEL + table + 4 * page).jump('E8', 'sums')
        })
    }
}
