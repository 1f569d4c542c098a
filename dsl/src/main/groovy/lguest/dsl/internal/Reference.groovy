package lguest.dsl.internal

import groovy.transform.CompileStatic
import java.nio.charset.StandardCharsets
import lguest.dsl.Constants
import lguest.dsl.FaultName
import lguest.dsl.HypercallName
import org.codehaus.groovy.ast.AnnotatedNode
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.MethodNode
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.Phases

/** Describes the language in Markdown, from the sources of the classes that are its words: they come in the jar. */
@CompileStatic
final class Reference {
    private static final Map<String, String> CHAPTERS = [
        LgsScript: 'Anywhere in a script',
        GuestSpec: "In guest('name') { }", DeviceSpec: "In device('name') { }", PortSpec: 'In port(number) { }', PageSpec: 'In page(address) { }',
        WireSpec: "In tunnet(where) { } and sharenet('file') { }", UserNetSpec: 'In usernet { }',
        PeerSpec: "In peer('file') { }", ReportSpec: "In report('file') { }", ExpectSpec: 'In expect { }',
        RestoreSpec: "In restore('file') { } and fork('name') { }", StructSpec: "In struct('name') { }",
        Replay: 'What remember gives', Hook: 'What stop, before, after and replace give', Tally: 'What count and time give',
        ScriptedGuest: 'A guest', Cpu: 'cpu', Memory: 'memory, physical', Symbols: 'symbols', LinearAddress: 'What linear gives', 'LinearAddress$Walk': 'What walk gives',
        Struct: 'What struct gives', MemoryCopy: 'What memory.copy gives', 'MemoryCopy$Change': 'Of changes', Console: 'console', Match: 'What expect gives',
        ShellResult: 'What sh gives', Hypercalls: 'hypercalls', Interrupts: 'interrupts', DmaKeys: 'dma', DmaKey: 'dma[KEY]',
        Peer: 'What peer gives', Disk: 'disks[0]', Request: 'it, in the fault of a disk', Units: 'Of a number',
        'event/Happening': 'it, whatever happens', 'event/HypercallMade': 'it, at a hypercall', 'event/AtEvent$Reached': 'it, at an address',
        'event/FaultsEvent$Faulted': 'it, at a fault', 'event/MemoryEvent$Accessed': 'it, at a read or write',
        'event/DmaSentEvent$DmaSent': 'it, at a DMA', 'event/InterruptLinesEvent$Interrupted': 'it, at an interrupt',
        'event/PortsEvent$PortUsed': 'it, at a port', 'event/ConsoleEvent$Printed': 'it, at console output',
        'event/ExitEvent$Ended': 'it, at the end', 'event/TickEvent$Tick': 'it, in every',
        'event/Calls$SetPte': 'it, at SET_PTE', 'event/Calls$SetPmd': 'it, at SET_PMD', 'event/Calls$NewPgtable': 'it, at NEW_PGTABLE',
        'event/Calls$FlushTlb': 'it, at FLUSH_TLB', 'event/Calls$SendDma': 'it, at SEND_DMA', 'event/Calls$DmaView': 'it.dma, at SEND_DMA',
        'event/Calls$BindDma': 'it, at BIND_DMA', 'event/Calls$LoadGdt': 'it, at LOAD_GDT', 'event/Calls$LoadTls': 'it, at LOAD_TLS',
        'event/Calls$LoadIdtEntry': 'it, at LOAD_IDT_ENTRY', 'event/Calls$SetStack': 'it, at SET_STACK', 'event/Calls$TaskSwitched': 'it, at TS',
        'event/Calls$SetClockevent': 'it, at SET_CLOCKEVENT', 'event/Calls$Crash': 'it, at CRASH', 'event/Calls$Init': 'it, at LGUEST_INIT',
        Frames: 'backtrace', 'Frames$Frame': 'backtrace[0]', PageEntry: 'A page table entry', SegmentEntry: 'A segment or gate'
    ]
    private static final Set<String> OF_EVERY_OBJECT =
        ['toString', 'equals', 'hashCode', 'start', 'close', 'getProperty', 'setProperty', 'run()', 'arguments', 'proceeds',
         'needHost', 'goOn', 'occurrence', 'guest()', 'unsigned', 'register', 'ofDirectory', 'ofTable', 'of',
         'intValue', 'longValue', 'floatValue', 'doubleValue'] as Set<String>

    /** With braces in it, three deep. */
    private static final String CODE = /\{@code ((?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*)\}/

    private Reference() {
    }

    static String markdown() {
        StringBuilder out = new StringBuilder('# The language of .lgs scripts\n\nGuests, their parts and what happens to them, as words of Groovy.\n')
        CHAPTERS.each { source, title ->
            out.append("\n## ${title}\n\n")
            List<String> file = source.tokenize('$')
            ClassNode type = parse(file[0]).find { it.nameWithoutPackage.endsWith(source.tokenize('/$').last()) }
            String about = doc(type)
            out.append(about.empty ? '' : "${about}\n\n")
            words(type).each { word, text -> out.append("- ${word}${text.empty ? '' : ": ${text}"}\n") }
        }
        out.append("\n## Constants\n\n- Hypercalls: ${HypercallName.values().join(', ')}\n- Faults: ${FaultName.values().join(', ')}\n")
        out.append("- Numbers: ${Constants.fields*.name.join(', ')}\n")
        out.toString()
    }

    /** Words of a type as they are shown, each once, with what is said of it. */
    private static Map<String, String> words(ClassNode type) {
        List<MethodNode> methods = type.methods.findAll { isWord(it) }.sort(false) { MethodNode it -> it.lineNumber }
        Set<String> settable = methods.findAll { isSetter(it) }.collect { uncapitalised(it.name.substring(3)) } as Set<String>
        Map<String, String> words = [:]
        type.properties.findAll { !it.static && !packageScoped(it.field) }.each {
            words["`${it.name}`${it.field.final ? '' : ', which can be set'}".toString()] = doc(it.field)
        }
        methods.each { MethodNode it ->
            String word = shown(it, type)
            if (!isSetter(it) || !methods.any { other -> shown(other, type) == uncapitalised(it.name.substring(3)) }) {
                String text = "`${word}`${settable.contains(word) ? ', which can be set' : ''}"
                words[text] = words[text] ?: doc(it) ?: ofNoun(it)
            }
        }
        words
    }

    private static boolean isWord(MethodNode method) {
        method.public && !method.synthetic && method.lineNumber > 0 && !(method.name in OF_EVERY_OBJECT) &&
            !("${method.name}${method.parameters.length ? '' : '()'}".toString() in OF_EVERY_OBJECT) &&
            !packageScoped(method)
    }

    private static boolean packageScoped(AnnotatedNode node) { node.annotations.any { it.classNode.nameWithoutPackage == 'PackageScope' } }

    private static boolean isSetter(MethodNode method) { method.name ==~ /set[A-Z].*/ && method.parameters.length == 1 }

    /** Of a noun that nothing else is said of: what its type is. */
    private static String ofNoun(MethodNode method) {
        String type = method.returnType.nameWithoutPackage
        method.parameters.length == 0 && CHAPTERS.containsKey(type) ? doc(parse(type).find { it.nameWithoutPackage == type }) : ''
    }

    private static String shown(MethodNode method, ClassNode type) {
        List<String> parameters = method.parameters.toList().drop(type.nameWithoutPackage == 'Units' ? 1 : 0).collect {
            String kind = it.type.toString(false).replaceAll(/\b[a-z.]+\.(?=[A-Z])/, '').replace('[]', '...')
            kind.startsWith('Closure') ? "{ ${it.name} }".toString() : "${kind} ${it.name}".toString()
        }
        def property = method.name =~ /(?:get|is)([A-Z].*)/
        String name = property.matches() && parameters.empty ? uncapitalised(property.group(1)) : null
        name ?: "${method.name}(${parameters.join(', ')})"
    }

    private static String uncapitalised(String name) { name ==~ /[A-Z]+/ ? name : name[0].toLowerCase(Locale.ROOT) + name.substring(1) }

    /** A comment in one paragraph of Markdown: its tags become words, and there are no {@code @param}s of what is plain. */
    private static String doc(AnnotatedNode node) {
        if (!node.groovydoc?.present) {
            return ''
        }
        String text = node.groovydoc.content.replaceAll(/^\s*\/\*\*|\*\/\s*$/, '').replaceAll(/(?m)^\s*\* ?/, '').replaceAll(/(?s)<pre>.*?<\/pre>/, '')
        text.replaceAll(CODE, '`$1`').replaceAll(/\{@link #?([^}]*)}/, '`$1`')
            .replaceAll(/@param (\w+)/, '- *$1*:').replaceAll(/@return/, '- gives').replaceAll(/@throws (\w+)/, '- *$1*').replaceAll(/<p>/, '')
            .replace('&#64;', '@').replaceAll(/\s+/, ' ').trim()
    }

    private static List<ClassNode> parse(String name) {
        String path = ['groovy', 'java'].collect { "/META-INF/lguest/sources/lguest/dsl/${name}.${it}".toString() }
            .find { Reference.getResource(it) != null }
        CompilerConfiguration configuration = new CompilerConfiguration()
        configuration.optimizationOptions.put(CompilerConfiguration.GROOVYDOC, true)
        CompilationUnit unit = new CompilationUnit(configuration)
        unit.addSource(name.replace('/', '_'), Reference.getResourceAsStream(path).withCloseable {
            new String(it.readAllBytes(), StandardCharsets.UTF_8)
        })
        unit.compile(Phases.CONVERSION)
        unit.AST.modules.collectMany { it.classes }
    }
}
