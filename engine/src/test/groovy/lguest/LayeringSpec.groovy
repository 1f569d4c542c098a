package lguest

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Title

@Title('Arrows between packages point one way')
class LayeringSpec extends Specification {
    static final Path SOURCES = Path.of('src/main/java/lguest')

    /** A package may use those that it names, all of them further up: so there are no cycles. */
    static final Map<String, List<String>> MAY_USE = [
        isa    : [],
        cpu    : [],
        mem    : ['cpu'],
        sem    : ['cpu', 'mem'],
        emit   : ['isa', 'cpu', 'mem', 'sem'],
        translate: ['isa', 'cpu', 'mem', 'emit'],
        interp : ['isa', 'cpu', 'mem', 'emit', 'translate'],
        probe  : ['cpu'],
        disk   : [],
        libc   : [],
        net    : ['libc'],
        device : ['mem', 'disk', 'net'],
        carrier: ['libc', 'device'],
        load   : ['mem', 'device'],                                 // what cannot be loaded ends as a device's failure does
        host   : ['cpu', 'mem', 'device'],                          // the Host is the other end of a device's DmaPort
        machine: ['isa', 'cpu', 'mem', 'sem', 'emit', 'translate', 'interp', 'probe', 'disk', 'device', 'carrier', 'net', 'load', 'host'],
        debug  : ['isa', 'cpu', 'mem', 'probe', 'load', 'machine'],  // symbols come from load
    ]

    @Shared
    Map<String, Map<String, List<String>>> uses = [:].withDefault { [:].withDefault { [] } }

    def setupSpec() {
        Files.walk(SOURCES).filter { it.fileName.toString().endsWith('.java') }.forEach { Path file ->
            String from = SOURCES.relativize(file).getName(0)
            usedBy(file).findAll { it != from }.each { uses[from][it] << file.fileName.toString() }
        }
    }

    def "every package has its line in the table"() {
        given:
        def packages = Files.list(SOURCES).filter { Files.isDirectory(it) }.map { it.fileName.toString() }.toList()

        expect:
        packages.findAll { !(it in MAY_USE.keySet()) } == []
    }

    def "the table has no cycle"() {
        given:
        def order = MAY_USE.keySet() as List

        expect:
        order.findAll { name -> MAY_USE[name].any { order.indexOf(it) >= order.indexOf(name) } } == []
    }

    def "#name uses #allowed and nothing else of ours"() {
        expect:
        uses[name].findAll { used, files -> !(used in allowed) } == [:]

        where:
        name << MAY_USE.keySet()
        allowed = MAY_USE[name]
    }

    def "only emit and translate know the library that writes classes"() {
        expect:
        sourcesMentioning('net.bytebuddy') == ['emit', 'translate'] as Set
    }

    def "only libc and who calls it know the library that calls the C library"() {
        expect:
        sourcesMentioning('com.sun.jna') == ['libc', 'net', 'carrier'] as Set
    }

    def "the engine knows neither Groovy, nor a terminal, nor a command line"() {
        expect:
        ['groovy.lang', 'org.codehaus.groovy', 'org.jline', 'picocli'].collectMany { sourcesMentioning(it) } == []
    }

    /** Packages of ours in a file's code: imports and qualified names; what comments mention does not count. */
    private static Set<String> usedBy(Path file) {
        code(file).collectMany { line -> (line =~ /\blguest\.([a-z]+)\.[A-Z*]/).collect { it[1] } }.toSet()
    }

    private static Set<String> sourcesMentioning(String word) {
        Files.walk(SOURCES).filter { it.fileName.toString().endsWith('.java') && code(it).any { line -> line.contains(word) } }
            .map { SOURCES.relativize(it).getName(0).toString() }.toList().toSet()
    }

    private static List<String> code(Path file) {
        Files.readAllLines(file).findAll { !(it.trim() =~ /^(\/?\*|\/\/)/) }
    }
}
