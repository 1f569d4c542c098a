package lguest.dsl

import groovy.transform.CompileStatic
import groovy.transform.PackageScope
import java.nio.charset.StandardCharsets

/** What scripts may give where bytes are wanted. */
@CompileStatic
@PackageScope
final class Data {
    private Data() {
    }

    /** @throws ScriptFailure if it is neither text nor bytes nor a list of numbers */
    static byte[] bytes(Object data) {
        if (data instanceof byte[]) {
            return (byte[]) data
        }
        if (data instanceof CharSequence) {
            return data.toString().getBytes(StandardCharsets.UTF_8)
        }
        if (data instanceof List && ((List) data).every { it instanceof Number }) {
            byte[] bytes = new byte[((List) data).size()]
            ((List<Number>) data).eachWithIndex { Number each, int i -> bytes[i] = each.byteValue() }
            return bytes
        }
        throw new ScriptFailure("${data?.getClass()?.simpleName}: not bytes; give text, a byte[] or a list of numbers")
    }
}
