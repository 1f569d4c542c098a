package lguest.machine

import groovy.transform.CompileStatic
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/** Debian packages for i386 in a folder, {@code -Dlguest.foreign}, and what to run of them. */
@CompileStatic
class ForeignPrograms {
    static final Map<String, String> ENVIRONMENT = [LC_ALL: 'C', PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1']

    private static final String NUMBERS = (1..4000).collect { it * 7919 % 4001 }.join('\n') + '\n'
    private static final String WORDS = (1..6000).collect { Integer.toString((it * 2654435761L) as int, 36) }.join(' \n') + '\n'

    private static final String PICTURE = 'P6 160 120 255\n' + (0..<160 * 120 * 3).collect { int i -> (char) (i * i.intdiv(700) + i % 3 * 50 & 0xFF) }.join('')

    /** Program, arguments, input, a byte for each character. */
    static final List<List> RUNS = [
        ['busybox', ['sha256sum'], WORDS],
        ['busybox', ['awk', 'BEGIN { for (i = 1; i < 900; i++) s += sin(i) * exp(-i / 90) + log(i) / sqrt(i) + atan2(i, 3) - cos(i * i); printf "%.15g", s }'], ''],
        ['busybox', ['sh', '-c', 'i=0; s=1; while [ $i -lt 3000 ]; do s=$(((s * 1103515245 + 12345) & 0x7fffffff)); i=$((i + 1)); done; echo $s'], ''],
        ['busybox', ['bzip2', '-c'], WORDS],
        ['bc', ['-l'], 'scale=200; 4*a(1); e(1); s(2); l(3); sqrt(5); 2^1279-1\n'],
        ['mawk', ['{ n[$1 % 97] += $1 / 3 } END { for (i = 0; i < 97; i++) printf "%.17g %d %x\\n", n[i] ^ 1.5, n[i], n[i] }'], NUMBERS],
        ['gawk', ['{ n[$1 % 97] += $1 / 3; t = t substr($1, 2) } END { for (i = 0; i < 97; i++) printf "%.17g %a %e\\n", n[i] ^ 1.5, n[i], exp(-n[i]); print length(t), strtonum("0x1234") }'], NUMBERS],
        ['gawk', ['-M', 'BEGIN { PREC = 300; x = 1; for (i = 1; i < 60; i++) x = x * i / 1.1 + sqrt(i); printf "%.60g %d", x, 3 ^ 500 }'], ''],
        ['gzip', ['-9', '-n', '-c'], WORDS],
        ['xz', ['-1', '-c'], WORDS],
        ['bzip2', ['-c'], NUMBERS],
        ['sed', ['-E', 's/([a-z]+)([0-9]+)/\\2-\\1/g; y/abcdef/ABCDEF/; /-/!d'], WORDS],
        ['sort', ['-k1.2', '-r'], WORDS],
        ['b2sum', [], WORDS],
        ['sha512sum', [], WORDS],
        ['cksum', [], WORDS],
        ['factor', ['600851475143', '18446744073709551557', '340282366920938463463374607431768211455'], ''],
        ['seq', ['-f', '%.15g', '0.1', '0.37', '400'], ''],
        ['od', ['-t', 'fFx8'], WORDS.substring(0, 4000)],
        ['cjpeg', ['-quality', '80'], PICTURE],
        ['cjpeg', ['-dct', 'fast', '-progressive'], PICTURE],
        ['openssl', ['dgst', '-sha3-512'], WORDS],
        ['openssl', ['dgst', '-sha512'], WORDS],
        ['openssl', ['enc', '-aes-256-cbc', '-K', '0f' * 32, '-iv', '3c' * 16], WORDS],
        ['openssl', ['enc', '-chacha20', '-K', '0f' * 32, '-iv', '3c' * 16], WORDS],
        ['openssl', ['prime', '170141183460469231731687303715884105727'], ''],
        ['perl', ['-e', '''
            my ($x, $s) = (12345, 0);
            for my $i (1 .. 20000) { $x = ($x * 16807) % 2147483647; $s += sqrt($x) / $i - int($x / 7) % 5; $h{$x % 101} .= chr(65 + $x % 26) }
            printf "%.17g %.17g %s\\n", $s, exp(1) ** 3.3, unpack("H*", pack("d<f<l", $s, $s, -3));
            print map { "$_ " . reverse($h{$_}) . "\\n" } sort { $h{$a} cmp $h{$b} } keys %h;
            print join(",", map { sprintf "%b %o %e", $_ ** 2, $_, 1 / $_ } 1 .. 40), "\\n", 9 ** 20, " ", -7 % 3, " ", 7.5 % 4, " ", 1e308 * 10, "\\n";
        '''], ''],
        ['python3', ['-S', '-c', '''
import math, struct, hashlib, _random
print(3 ** 2000 % 10 ** 300, 2 ** 1279 // 7 ** 300, math.factorial(200), pow(3, 10 ** 40, 2 ** 127 - 1))
x = [0.1 * i - 7.3 for i in range(300)]
print([f(v) for v in x for f in (math.sin, math.cos, math.exp, math.atan, math.floor, repr, float.hex)])
print([f(abs(v)) for v in x for f in (math.sqrt, math.log, math.log1p, math.gamma, math.erf)][:900])
print([math.fmod(a * 1e10, b + 0.01) for a in x for b in x[:9]], math.fsum(x), sum(x), sorted(x, key=lambda v: v * 77 % 3))
print(struct.pack('<dfq', math.pi, math.e, -5), hashlib.sha256(b'x' * 5000).hexdigest(), hashlib.blake2b(b'y').hexdigest())
r = _random.Random(42)
print([r.random() for i in range(50)], complex(1, 2) ** 3.5, round(2.675, 2), '%.3e' % 123456.789, 7 // -2, -7 % 3, divmod(1e20, 3))
'''], ''],
    ]

    private final Path root

    private ForeignPrograms(Path root) {
        this.root = root
    }

    static ForeignPrograms here() {
        new ForeignPrograms(Path.of(System.getProperty('lguest.foreign', '.')).toAbsolutePath())
    }

    /** Whether there are such programs, and this machine can run them: it must not be another architecture, nor a kernel without 32-bit programs. */
    static boolean runnable() {
        ForeignPrograms programs = here()
        try {
            System.getProperty('lguest.foreign') != null && programs.loader() != null
                && new ProcessBuilder(programs.command('busybox') + ['true']).start().waitFor() == 0
        } catch (IOException cannotRun) {
            println "ForeignPrograms: $cannotRun.message"
            false
        }
    }

    /** Null if it is not there. Later Debians have all of it below usr. */
    private Path find(String folder, String file) {
        [folder, "usr/$folder".toString()].collect { String place -> root.resolve(place).resolve(file) }.find { Path path -> Files.exists(path) }
    }

    private Path loader() {
        find('lib/i386-linux-gnu', 'ld-linux.so.2')
    }

    private Path program(String name) {
        Path program = find('bin', name)
        assert program != null: "no program $name in $root"
        program
    }

    /** How to start one: busybox is linked statically, the others by their own dynamic linker, with their own libraries. */
    List<String> command(String name) {
        if (name == 'busybox') {
            return [program(name).toString()]
        }
        String libraries = ['lib/i386-linux-gnu', 'usr/lib/i386-linux-gnu'].collect { String folder -> root.resolve(folder).toString() }.join(':')
        [loader().toString(), '--library-path', libraries, program(name).toString()]
    }

    Map<String, String> environment() {
        ENVIRONMENT + [PYTHONHOME: root.resolve('usr').toString()]
    }

    UserMachine.Ended natively(List<String> command, byte[] input, Path folder) {
        Path from = Files.write(folder.resolve('in'), input)
        Path out = folder.resolve('out')
        Path err = folder.resolve('err')
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectInput(from.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile())
        builder.environment().clear()
        builder.environment().putAll(environment())
        Process process = builder.start()
        assert process.waitFor(120, TimeUnit.SECONDS): "$command does not end"
        new UserMachine.Ended(process.exitValue(), Files.readAllBytes(out), Files.readString(err))
    }
}
