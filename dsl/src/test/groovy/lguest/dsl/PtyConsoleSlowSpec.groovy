package lguest.dsl

import java.nio.file.Files
import java.nio.file.Path
import spock.lang.Requires
import spock.lang.Specification
import spock.lang.TempDir

class PtyConsoleSlowSpec extends Specification {
    @TempDir
    Path folder

    private Scripts.Ended run(String text) { new Scripts(folder).run(text) }

    @Requires(value = { new File('/usr/bin/expect').canExecute() }, reason = 'needs expect')
    def "a console is at a pseudo-terminal: a terminal program talks with the guest, and another one goes on"() {
        given:
        Files.writeString(folder.resolve('talk.exp'), '\n' + $/
            log_user 0
            set timeout 60
            spawn -open [open [lindex $$argv 0] r+]
            send "\r"
            expect "puppy> "
            send "echo [lindex $$argv 1]\r"
            expect -re "\n([lindex $$argv 1])\[\r\n\]"
            puts "heard $$expect_out(1,string)"
        /$)

        when:
        def ended = run(Scripts.puppy("console 'pty'; console 'tcp:0'; time host") + """
            boot()
            expect 'puppy> '
            ['one', 'two'].each { word ->
                def program = ['expect', '$folder/talk.exp', console.addresses[0] - 'pty:', word].execute()
                waitFor(60.seconds) { !program.alive }
                print program.text
            }
            println console.lines.findAll { it in ['one', 'two'] }
            exit 0
        """)

        then:
        ended.err == ''
        ended.out == 'heard one\nheard two\n[one, two]\n'
    }
}
