package lguest.net

import java.util.concurrent.Executors
import spock.lang.Specification

class UserNetSlowSpec extends Specification {
    def "a thousand connections at once to a program of the host, 1% lost"() {
        given:
        def server = new ServerSocket(0, 2000, InetAddress.loopbackAddress)
        def threads = Executors.newCachedThreadPool()
        threads.submit {
            while (true) {
                def socket = server.accept()
                threads.submit { socket.withCloseable { it.inputStream.transferTo(it.outputStream) } }
            }
        }
        def guest = new OnUserNet(new UserNetPlan(), { Passage it -> if (it.chance(0.01)) it.drop() } as Hazard)
        def talkers = (1..1000).collect { new Talker(toSay: 3000 + it, closes: false) }

        when:
        talkers.each { guest.connect(it, UserNet.ROUTER, server.localPort) }
        guest.until { talkers.every { it.heard == it.toSay } }
        talkers.each { it.closes = true; it.writable() }
        guest.until { talkers.every { it.gone } }

        then:
        talkers.every { it.gone == 'closed' && !it.wrong }

        cleanup:
        guest.close()
        server.close()
        threads.shutdownNow()
    }
}
