package lguest.mix

import static lguest.mix.Layout.*

import groovy.transform.CompileStatic
import java.util.concurrent.Executor
import lguest.device.Device
import lguest.device.Dma
import lguest.machine.Guest
import lguest.machine.PortHandler
import lguest.probe.Event
import lguest.probe.Occurrence
import lguest.probe.Verb
import lguest.translate.TranslatorThread

/** What happens to a guest of the mix from outside: the same in each of its runs, at the same instructions. */
@CompileStatic
class Meddler implements PortHandler {
    /** Interrupts that a sleeping guest does not get, for each that it does. */
    private static final int SLEEP = 5000

    private final Plan plan
    private final Random random
    private Guest guest
    private final Deque<Runnable> translations = new ArrayDeque<>()
    int transfers
    int disturbances

    Meddler(Plan plan) {
        this.plan = plan
        random = new Random(plan.seed)
    }

    /** The other end of the DMAs of a guest under the Host. */
    Device device() {
        new Device(64, 0, 0) {
            @Override
            boolean watches(int key) {
                key == Layout.DMA
            }

            @Override
            int output(int key, Dma dma) {
                byte[] all = all(Acts.dmaNumber(dma.address()))
                transfers++
                dma.scatter(all, 0, all.length)
            }

            @Override
            Map<String, Object> state() {
                [:]
            }

            @Override
            void save(DataOutput out) {
                // What it transfers is known to the meddler, which stays.
            }
        }
    }

    /** And of a bare machine. */
    @Override
    void write(int port, int value, int bits) {
        plan.dmas[value & Plan.DMAS - 1].each { int physical, byte[] content ->
            guest.physical().write(physical, content, 0, content.length)
        }
        transfers++
    }

    private byte[] all(int number) {
        def all = new ByteArrayOutputStream()
        plan.dmas[number].values().each { byte[] it -> all.write(it) }
        all.toByteArray()
    }

    Executor translator() {
        switch (plan.translates) {
            case Plan.When.AT_ONCE: return { Runnable work -> work.run() } as Executor
            case Plan.When.LATER: return { Runnable work -> translations << work } as Executor
            default: return TranslatorThread.executor()
        }
    }

    void meddle(Guest newGuest) {
        guest = newGuest
        guest.probes().add(new Event.TickEvent(plan.timerNanos, 0), Verb.BEFORE, null, { Occurrence it -> tick(it.asleep) }, 'mix')
        guest.probes().add(new Event.TickEvent(0, plan.disturbance), Verb.BEFORE, null, { Occurrence it -> disturb() }, 'mix')
    }

    private void tick(boolean asleep) {
        if (asleep ? random.nextInt(SLEEP) == 0 : plan.bare || random.nextInt(3) == 0) {
            interrupt(0)
        }
    }

    private void interrupt(int line) {
        guest.raise(plan.bare ? TIMER + line : line)
    }

    /** A debugger, a script or a device does something, or only looks. */
    private void disturb() {
        while (!translations.isEmpty()) {
            translations.remove().run()
        }
        if (plan.undisturbed) {
            return
        }
        disturbances++
        switch (random.nextInt(8)) {
            case 0: case 1:
                def site = plan.farm.sites[random.nextInt(plan.farm.sites.size())]
                byte[] value = Farm.patch(random, site)
                guest.physical().write(site.physical, value, 0, value.length)
                break
            case 2: case 3:
                def site = plan.farm.sites[random.nextInt(plan.farm.sites.size())]
                guest.writeLinear(KERNEL + site.physical, Farm.patch(random, site))
                break
            case 4:
                int page = random.nextInt(FARM_PAGES)
                int at = Farm.start(page * Farm.PER_PAGE + Farm.REPLACED)
                guest.physical().write(at, plan.image, Farm.variant(page, random.nextInt(Farm.VARIANTS_EACH)) - BASE, Farm.VARIANT_BYTES)
                break
            case 5:
                int at = DATA + random.nextInt(DATA_PAGES * PAGE - 4)
                guest.physical().write(at, random.nextInt(), 32)
                break
            case 6:
                guest.readLinear(WINDOW + random.nextInt(WINDOW_PAGES * PAGE), new byte[64])
                break
            default:
                interrupt(1 + random.nextInt(VECTORS - TIMER - 1))
        }
    }
}
