package lguest;

import java.util.HexFormat;

/** A loop without end, of what compilers make of C. */
public final class Sample {
    public static final int INSTRUCTIONS = 16;

    /*
     * again: mov eax,[ebx]; add eax,[ebx+4]; mov [ebx+8],eax; lea ecx,[eax+eax*4]; xor ecx,edx; shr ecx,3; test ecx,ecx; jz other
     *        inc edx; movzx esi,byte [ebx+8]; add edx,esi; cmp edx,1000; jb less
     *        and edx,0xFF
     * less:  mov [ebx],edx
     * other: jmp again
     */
    private static final String CODE = "8B03 034304 894308 8D0C80 31D1 C1E903 85C9 7417 42 0FB67308 01F2 81FAE8030000 7206 81E2FF000000 8913 EBD3";

    private Sample() {
    }

    public static byte[] code() {
        return HexFormat.of().parseHex(CODE.replace(" ", ""));
    }
}
