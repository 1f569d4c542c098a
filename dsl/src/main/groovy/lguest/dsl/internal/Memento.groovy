package lguest.dsl.internal

import groovy.transform.CompileStatic
import lguest.dsl.ScriptFailure

/** The state of a scripted device as bytes: a letter for what it is, then the value. */
@CompileStatic
final class Memento {
    private Memento() {
    }

    /** @throws ScriptFailure if something in it cannot be saved */
    static byte[] bytes(String device, Map<String, Object> state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream()
        write(new DataOutputStream(bytes), "device ${device}: state", state)
        bytes.toByteArray()
    }

    static Map<String, Object> map(byte[] saved) {
        saved.length == 0 ? [:] : (Map<String, Object>) read(new DataInputStream(new ByteArrayInputStream(saved)))
    }

    private static void write(DataOutputStream out, String what, Object value) {
        switch (value) {
            case null: out.writeByte((int) ('0' as char)); break
            case Boolean: out.writeByte((int) ('b' as char)); out.writeBoolean((boolean) value); break
            case Integer: out.writeByte((int) ('i' as char)); out.writeInt((int) value); break
            case Long: out.writeByte((int) ('l' as char)); out.writeLong((long) value); break
            case CharSequence: text(out, 's', value.toString()); break
            case BigInteger: text(out, 'B', value.toString()); break
            case BigDecimal: text(out, 'D', value.toString()); break
            case byte[]: text(out, 'y', (byte[]) value); break
            case List:
                out.writeByte((int) ('L' as char))
                out.writeInt(((List) value).size())
                ((List<Object>) value).eachWithIndex { Object each, int i -> write(out, "${what}[${i}]", each) }
                break
            case Map:
                out.writeByte((int) ('M' as char))
                out.writeInt(((Map) value).size())
                ((Map<Object, Object>) value).each { Object key, Object each ->
                    write(out, "${what} key", key)
                    write(out, "${what}.${key}", each)
                }
                break
            default:
                throw new ScriptFailure("${what} is a ${value.class.simpleName}: a device can remember numbers, text, byte[], booleans, lists and maps")
        }
    }

    private static void text(DataOutputStream out, String letter, Object value) {
        byte[] bytes = value instanceof byte[] ? (byte[]) value : value.toString().getBytes('UTF-8')
        out.writeByte((int) (letter as char))
        out.writeInt(bytes.length)
        out.write(bytes)
    }

    private static Object read(DataInputStream input) {
        String letter = (char) input.readByte()
        switch (letter) {
            case '0': return null
            case 'b': return input.readBoolean()
            case 'i': return input.readInt()
            case 'l': return input.readLong()
            case 's': return text(input)
            case 'B': return new BigInteger(text(input))
            case 'D': return new BigDecimal(text(input))
            case 'y': return bytes(input)
            case 'L': return (0..<input.readInt()).collect { read(input) }
            case 'M':
                Map<Object, Object> map = [:]
                for (int left = input.readInt(); left > 0; left--) {
                    Object key = read(input)
                    map[key] = read(input)
                }
                return map
            default: throw new IllegalStateException("a device remembers a '${letter}'")
        }
    }

    private static byte[] bytes(DataInputStream input) {
        byte[] bytes = new byte[input.readInt()]
        input.readFully(bytes)
        bytes
    }

    private static String text(DataInputStream input) { new String(bytes(input), 'UTF-8') }
}
