package lguest.isa

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path

/** The disassembler of GNU Binutils, if it is installed. */
@CompileStatic
class Objdump {
    static boolean isAvailable() {
        try {
            return version().contains('GNU')
        } catch (IOException ignored) {
            return false
        }
    }

    /** The first line of {@code objdump --version}. */
    static String version() {
        new ProcessBuilder('objdump', '--version').redirectErrorStream(true).start().text.readLines()[0]
    }

    /** Text by address. @param syntax intel or att */
    static Map<Integer, String> disassemble(byte[] code, boolean code32, String syntax) {
        Path file = Files.createTempFile('objdump', '.bin')
        try {
            Files.write(file, code)
            def process = new ProcessBuilder('objdump', '-D', '-z', '-b', 'binary', '-m', code32 ? 'i386' : 'i8086', '-M', syntax,
                '--no-show-raw-insn', file.toString()).redirectErrorStream(true).start()
            Map<Integer, String> lines = [:]
            process.inputStream.eachLine { String line ->
                int colon = line.indexOf(':\t')
                if (colon > 0) {
                    lines[Integer.parseUnsignedInt(line.substring(0, colon).trim(), 16)] = line.substring(colon + 2).trim()
                }
            }
            return lines
        } finally {
            Files.delete(file)
        }
    }
}
