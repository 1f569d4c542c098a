package lguest.dsl

import spock.lang.Specification
import spock.lang.Title

@Title('the scripts in samples/ do what they promise')
class SamplesSlowSpec extends Specification {
    def "#script"() {
        when:
        def ended = Scripts.runFile(Scripts.SAMPLES.resolve(script))

        then:
        ended.status == 0
        ended.out =~ out
        ended.err =~ err

        where:
        script                 || out                                                   | err
        'hello.lgs'            || /^Hello from a guest of one page\.\n$/                | /^$/
        'echo-device.lgs'      || /^HELLO FROM THE GUEST\n$/                            | /^$/
        'peer.lgs'             || /^(a frame of 98 bytes, type 0x00000800\n){3}$/        | /^$/
        'trace-hypercalls.lgs' || /what +count\nCRASH +1\nLGUEST_INIT +1\nSEND_DMA +1/  | /SEND_DMA\(0x0, 0x1000d8, 0x0\)/
        'random-device.lgs'    || /^\d+ \d+ \d+\n\d+ \d+ \d+\n$/                     | /^$/
        'key-value.lgs'        || /(?s)put colour.*sable.*nothing at tail.*colour food/ | /^$/
        'faulty-disk.lgs'      || /(?s)disk write 3 third: .*written.*disk read 3: 00000000  00 00.*sector 4: result 2.*sector 13: result 2\nlgba .* \(2 failed\)/ | /^$/
        'stop-at-symbol.lgs'   || /stopped at console_write: at 0xc0/                   | /wrote to the console at 0xc0/
    }
}
