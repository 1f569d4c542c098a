package lguest.device

import lguest.mem.PhysicalMemory
import spock.lang.Specification

import static lguest.device.Structs.dma
import static lguest.device.Structs.text

class ScriptedDeviceSpec extends Specification {
    static final int PAGE = 0x11000

    def memory = new PhysicalMemory(0x12000)
    def port = new FakePort(memory)
    def device = new ScriptedDevice('echo', 64, 0, 1)

    def setup() {
        device.attach(memory, port, PAGE)
    }

    void send(String message) {
        text(memory, 0x2000, message)
        dma(memory, 0x100, [[0x2000, message.length()]])
        device.output(PAGE, Dma.at(memory, 0x100))
    }

    void bindBuffer(int bytes = 64) {
        dma(memory, 0x200, [[0x3000, bytes]])
        port.bind(PAGE, 5, 0x200)
    }

    def "a message is answered into the buffer bound at the same key"() {
        given:
        bindBuffer()
        device.sent { device.reply(it.text.toUpperCase()) }

        when:
        send('hello')

        then:
        memory.read32(0x200) == 5
        text(memory, 0x3000, 5) == 'HELLO'
        port.raised == [5]
    }

    def "replies wait for a free buffer, in order"() {
        when:
        device.reply('one')
        device.reply('two')
        device.service()

        then:
        device.inputPending()
        device.state().waitingReplies == 2

        when:
        bindBuffer()
        device.service()

        then:
        text(memory, 0x3000, memory.read32(0x200)) == 'one'
        device.inputPending()

        when:
        memory.write32(0x200, 0)
        device.service()

        then:
        text(memory, 0x3000, memory.read32(0x200)) == 'two'
        !device.inputPending()
        port.raised == [5, 5]
    }

    def "a reply is cut to the buffer"() {
        given:
        bindBuffer(3)

        when:
        device.reply('abcdef')
        device.service()

        then:
        memory.read32(0x200) == 3
        text(memory, 0x3000, 6) == 'abc\0\0\0'
    }

    def "too many waiting replies are a mistake of the script"() {
        given:
        ScriptedDevice.WAITING_REPLIES.times { device.reply('x') }

        when:
        device.reply('x')

        then:
        def mistake = thrown(IllegalStateException)
        mistake.message == 'device echo: 1024 replies wait for a buffer at key 0x11000'
    }

    def "type #type, features #features, #pages pages: #message"() {
        when:
        new ScriptedDevice('odd', type, features, pages)

        then:
        def mistake = thrown(IllegalArgumentException)
        mistake.message == message

        where:
        type    | features | pages   || message
        3       | 0        | 1       || 'device odd: type 3, must be 4 to 65535'
        0x10000 | 0        | 1       || 'device odd: type 65536, must be 4 to 65535'
        64      | 0x10000  | 1       || 'device odd: features 65536, must be 0 to 65535'
        64      | 0        | 0       || 'device odd: 0 pages, must be 1 to 65535'
    }
}
