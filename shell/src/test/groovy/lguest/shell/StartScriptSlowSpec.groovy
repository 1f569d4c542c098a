package lguest.shell

import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.util.jar.Attributes
import java.util.jar.JarEntry
import java.util.jar.JarOutputStream
import java.util.jar.Manifest
import javax.tools.ToolProvider
import spock.lang.Requires
import spock.lang.Shared
import spock.lang.Specification
import spock.lang.Stepwise
import spock.lang.TempDir
import spock.lang.Title
import spock.util.concurrent.PollingConditions

@Title('the start script archives classes, and believes an archive only as it was made')
@Requires({ os.linux })
@Stepwise
class StartScriptSlowSpec extends Specification {
    /** Stand-ins: one says how it was started, the other is what the archive is made of. */
    static final Map<String, String> PROGRAM = [
        Main: 'System.out.println(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());',
        Rehearsal: ''
    ]

    @Shared
    @TempDir
    Path top

    @Shared
    Path cds

    private final PollingConditions soon = new PollingConditions(timeout: 60)

    def setupSpec() {
        Path target = Files.createDirectories(top.resolve('shell/target'))
        cds = target.resolve('cds')
        Path scripts = Files.createDirectories(top.resolve('scripts'))
        ['lguest', 'lguest.directives'].each {
            Files.copy(Samples.folder.resolveSibling('scripts').resolve(it), scripts.resolve(it))
        }
        def manifest = new Manifest()
        manifest.mainAttributes[Attributes.Name.MANIFEST_VERSION] = '1.0'
        manifest.mainAttributes[Attributes.Name.MAIN_CLASS] = 'lguest.shell.Main'
        new JarOutputStream(Files.newOutputStream(target.resolve('lguest.jar')), manifest).withCloseable { jar ->
            PROGRAM.each { name, body ->
                Path source = Files.writeString(top.resolve("${name}.java"),
                    "package lguest.shell; class $name { public static void main(String[] args) { $body } }".toString())
                assert ToolProvider.systemJavaCompiler.run(null, null, null, '-d', top.toString(), source.toString()) == 0
                jar.putNextEntry(new JarEntry("lguest/shell/${name}.class"))
                Files.copy(top.resolve("lguest/shell/${name}.class"), jar)
            }
        }
    }

    /** What Java was given, and thus whether there was an archive among it. */
    private String start() {
        def builder = new ProcessBuilder('sh', top.resolve('scripts/lguest').toString()).redirectErrorStream(true)
        builder.environment().JAVA_HOME = System.getProperty('java.home')
        def process = builder.start()
        def said = process.text
        assert process.waitFor() == 0
        said
    }

    private static boolean archived(String said) { said =~ /-XX:(SharedArchiveFile|AOTCache)=/ }

    private Path file(String ending) { cds.toFile().listFiles()?.find { it.name.endsWith(ending) }?.toPath() }

    private Path archive() { file('.jsa') ?: file('.aot') }

    private void waitForSeal() { soon.eventually { assert file('.seal') } }

    def "the first start makes it, the next has it"() {
        when:
        def first = start()
        waitForSeal()

        then:
        !archived(first)
        archived(start())
    }

    def "#damage: it is not used, and made again"() {
        when:
        archive().toFile().writable = true
        Files.newByteChannel(archive(), StandardOpenOption.WRITE).withCloseable(harm)
        def next = start()
        waitForSeal()

        then:
        !archived(next)
        archived(start())

        where:
        damage      || harm
        'truncated' || { file -> file.truncate(100_000) }
        'altered'   || { file -> file.position(file.size().intdiv(2)).write(ByteBuffer.wrap('other'.bytes)) }
    }

    def "one that could not be made is not tried again"() {
        given:
        Files.delete(archive())
        Files.delete(file('.seal'))

        expect:
        !archived(start())
        archive() == null
    }
}
