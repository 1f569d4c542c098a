package lguest.samples

import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import spock.lang.IgnoreIf
import spock.lang.Shared
import spock.lang.TempDir
import spock.lang.Title

@Title('The samples, built anew by samples/puppy/build.sh')
@IgnoreIf(value = { !RebuiltSamplesSlowSpec.canBuild() }, reason = 'no gcc that accepts -m32, or no binutils')
class RebuiltSamplesSlowSpec extends ImagesSpecification {
    static final List<String> IMAGES = ['hello/hello.elf', 'bare/bare-hello.elf', 'bare/bare-flat.bin', 'puppy/puppy.elf']

    @Shared
    @TempDir
    Path work

    def setupSpec() {
        copy(SamplesSlowSpec.SAMPLES, work)
        IMAGES.each { Files.delete(work.resolve(it)) }
        def build = new ProcessBuilder('sh', work.resolve('puppy/build.sh').toString()).redirectErrorStream(true).start()
        def said = build.inputStream.text
        assert build.waitFor() == 0 : said
    }

    @Override
    Path getSamples() {
        work
    }

    static boolean canBuild() {
        try {
            ['gcc -m32 -march=i686 -ffreestanding -x c -c -o /dev/null /dev/null', 'ld --version', 'objcopy --version']
                .every { it.execute().waitFor() == 0 }
        } catch (IOException absent) {
            false
        }
    }

    private static void copy(Path from, Path to) {
        Files.walk(from).forEach { Path each ->
            Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.REPLACE_EXISTING)
        }
    }
}
