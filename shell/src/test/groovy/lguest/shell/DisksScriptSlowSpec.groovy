package lguest.shell

import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Title

@Title('samples/disks.lgs runs, compares and prints')
class DisksScriptSlowSpec extends Specification {
    static final String DISKS = "$Samples.folder/disks.lgs"
    static final String LINUX = System.getProperty('lguest.linux')

    @TempDir
    Path folder

    def "without Linux there is puppy"() {
        when:
        def ended = Command.run(folder, [DISKS, 'requests=5'])

        then:
        ended.err == ''
        ended.status == 0
        ended.out =~ /\Apuppy: 5 sectors written, \d+ commands\/s; of each the disk took [\d.]+ us\n/
        ended.out =~ /\nlgba .*puppy.img: 2048 sectors, 5 requests \(0 failed\): 0 bytes read in 0, 2560 bytes written in 5, in \d+ ms\n/
    }

    @Requires(value = { LINUX && '/usr/bin/qemu-system-i386' as File }, reason = 'needs -Dlguest.linux=DIR and QEMU')
    def "with Linux there is a row for each disk, and all read the same"() {
        when:
        def ended = Command.run(folder, [DISKS, "linux=$LINUX".toString(), 'mib=1', 'requests=20', 'rounds=1', 'formats=qcow2', 'cache=writeback'])

        then:
        ended.status == 0
        ['lguest qcow2', 'tcg qcow2 writeback'].every { ended.out =~ /\n$it( +\d[\d.]*){4}\n/ }
    }

    def "what it cannot do, it says: #argument"() {
        when:
        def ended = Command.run(folder, [DISKS, argument])

        then:
        ended.err.startsWith("disks.lgs: $what")
        ended.status == 2

        where:
        argument           || what
        'blocks=5'         || 'no option blocks; there is linux, '
        'mib=much'         || 'mib=much: must be a number of 1 to 2047'
        'requests=0'       || 'requests=0: must be'
        'requests=-1'      || 'requests=-1: must be'
        'rounds=0'         || 'rounds=0: must be'
        'formats=raw,vmdk' || 'no format vmdk; there is raw, qcow2'
    }
}
