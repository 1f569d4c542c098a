package lguest.isa

import spock.lang.Specification
import spock.lang.Unroll

class DisassemblerSpec extends Specification {
    @Unroll('#hex is #intel, #att')
    def "prints both notations"() {
        given:
        def insn = decode(hex)

        expect:
        Disassembler.intel(insn, 0x1000) == intel
        Disassembler.att(insn, 0x1000) == att

        where:
        hex                      || intel                                             | att
        '90'                     || 'nop'                                             | 'nop'
        'F3 90'                  || 'pause'                                           | 'pause'
        '66 90'                  || 'xchg   ax,ax'                                    | 'xchg   %ax,%ax'
        '8B 45 FC'               || 'mov    eax,DWORD PTR [ebp-0x4]'                  | 'mov    -0x4(%ebp),%eax'
        '83 45 FC 01'            || 'add    DWORD PTR [ebp-0x4],0x1'                  | 'addl   $0x1,-0x4(%ebp)'
        '66 83 C0 FF'            || 'add    ax,0xffff'                                | 'add    $0xffff,%ax'
        '8D B4 26 00 00 00 00'   || 'lea    esi,[esi+eiz*1+0x0]'                      | 'lea    0x0(%esi,%eiz,1),%esi'
        '8B 0C B5 00 00 10 C0'   || 'mov    ecx,DWORD PTR [esi*4-0x3ff00000]'         | 'mov    -0x3ff00000(,%esi,4),%ecx'
        '65 A1 14 00 00 00'      || 'mov    eax,gs:0x14'                              | 'mov    %gs:0x14,%eax'
        'F3 A5'                  || 'rep movs DWORD PTR es:[edi],DWORD PTR ds:[esi]'  | 'rep movsl %ds:(%esi),%es:(%edi)'
        'F2 AE'                  || 'repnz scas al,BYTE PTR es:[edi]'                 | 'repnz scas %es:(%edi),%al'
        'F0 0F C1 02'            || 'lock xadd DWORD PTR [edx],eax'                   | 'lock xadd %eax,(%edx)'
        '75 FE'                  || 'jne    0x1000'                                   | 'jne    0x1000'
        'E8 FB EF FF FF'         || 'call   0x0'                                      | 'call   0x0'
        'EA 00 00 10 00 60 00'   || 'jmp    0x60:0x100000'                            | 'ljmp   $0x60,$0x100000'
        'CD 1F'                  || 'int    0x1f'                                     | 'int    $0x1f'
        'D1 E0'                  || 'shl    eax,1'                                    | 'shl    %eax'
        '0F B6 C0'               || 'movzx  eax,al'                                   | 'movzbl %al,%eax'
        '0F 20 C0'               || 'mov    eax,cr0'                                  | 'mov    %cr0,%eax'
        'DC E1'                  || 'fsubr  st(1),st'                                 | 'fsub   %st,%st(1)'
        'EC'                     || 'in     al,dx'                                    | 'in     (%dx),%al'
        '0F FF'                  || 'ud0    eax,DWORD PTR [eax]'                      | 'ud0    (%eax),%eax'
        '0F 04'                  || '(bad)'                                           | '(bad)'
    }

    private static Insn decode(String hex) {
        def bytes = hex.replace(' ', '').decodeHex()
        int at = 0
        Decoder.decode({ at < bytes.length ? bytes[at++] & 0xFF : 0 } as CodeBytes, true)
    }
}
