package lguest.dsl

import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('hypercalls have arguments with names')
class CallsSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    def "#call: #shown"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet run=hello '") + """
            def seen = []
            before hypercall($call) run { call -> seen << "$shown".toString() }
            boot()
            expect '[1] hello'
            println seen[0] ==~ ${pattern}
            println seen[0]
            exit 0
        """)

        then:
        ended.err == ''
        ended.out.startsWith('true\n')

        where:
        call             | shown                                          || pattern
        'SET_PTE'        | '$call.cr3 ${hex call.address} $call.pte.present ${hex call.pte.frame}' || '~/\\d+ 0x[0-9a-f]{8} (true|false) 0x[0-9a-f]{5}000/'
        'NEW_PGTABLE'    | '${call.cr3 % 4096}'                           || '~/0/'
        'SEND_DMA'       | '$call.key $call.dma.text $call.dma'           || '~/(?s)0 .* \\d+ bytes at 0x[0-9a-f]{8}/'
        'BIND_DMA'       | '$call.key $call.buffers $call.line'           || '~/\\d+ \\d+ \\d+/'
        'LOAD_IDT_ENTRY' | '$call.vector $call.gate.type $call.gate.present' || '~/\\d+ (trap|interrupt) gate true/'
        'LOAD_GDT'       | '$call.count ${call.descriptors.find { it.present }}' || '~/32 code32.*/'
        'SET_STACK'      | '$call.ss ${hex call.esp} $call.pages'         || '~/\\d+ 0xc.* [12]/'
        'SET_CLOCKEVENT' | '$call.delta'                                  || '~/\\d+/'
        'LGUEST_INIT'    | '${call.address < 16.MB}'                      || '~/true/'
        'FLUSH_TLB'      | '$call.all'                                    || '~/true|false/'
    }

    def "a crash has last words"() {
        expect:
        run(Scripts.hello() + 'before hypercall(CRASH) run { println it.text }\nboot()').out == 'Power down\n'
    }

    def "what is set is what the Host gets: #change"() {
        when:
        def ended = run(Scripts.puppy("cmdline 'quiet '") + """
            def left = []
            (before hypercall(SET_PTE) when { call -> call.pte.present && call.pte.writable } run { call -> $change }).once()
            (after hypercall(SET_PTE) when { it.pte.present } run { left << it.pte.toString() }).once()
            boot()
            waitFor { left }
            println left[0]
            exit 0
        """)

        then:
        ended.err == ''
        ended.out ==~ pattern

        where:
        change                                  || pattern
        'call.pte.writable = false'             || /pte = 0x[0-9a-f]{8}  read-only .*\n/
        'call.pte = call.pte & ~WRITABLE'       || /pte = 0x[0-9a-f]{8}  read-only .*\n/
        'call.pte.frame = 0x123000'             || /pte = 0x00123[0-9a-f]{3}  writable .*\n/
    }

    def "parameters are the event if they are called so, and else the call's values: #closure"() {
        when:
        def ended = run(Scripts.hello() + "before hypercall(SEND_DMA) run $closure\nboot()")

        then:
        ended.err == ''
        ended.out == out

        where:
        closure                                               || out
        '{ call -> println call.name }'                       || 'SEND_DMA\n'
        '{ event -> println event.name }'                     || 'SEND_DMA\n'
        '{ it -> println it.name }'                           || 'SEND_DMA\n'
        '{ call, key, dma -> println "$call.name $key ${hex dma}" }' || 'SEND_DMA 0 0x001000d8\n'
        '{ key -> println key }'                              || '0\n'
        '{ edx, ebx, ecx -> println ebx > 0 }'                || 'true\n'
    }

    def "a key that a call does not have is none"() {
        expect:
        run(Scripts.hello() + 'def keys = count hypercalls by { it.key }\natEnd { println keys.counts }\nboot()').out == '[null:2, 0:1]\n'
    }
}
