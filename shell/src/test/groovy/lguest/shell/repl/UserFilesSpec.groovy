package lguest.shell.repl

import java.nio.file.Path
import spock.lang.Specification

class UserFilesSpec extends Specification {
    def "the history is kept where XDG wants state to be"() {
        expect:
        HistoryFile.path(environment, '/home/me') == Path.of(file)

        where:
        environment                    || file
        [:]                            || '/home/me/.local/state/lguest/history'
        [XDG_STATE_HOME: '']           || '/home/me/.local/state/lguest/history'
        [XDG_STATE_HOME: '/var/state'] || '/var/state/lguest/history'
    }

    def "what is wanted at every prompt is kept where XDG wants settings to be"() {
        expect:
        InitFile.path(environment, '/home/me') == Path.of(file)

        where:
        environment                  || file
        [:]                          || '/home/me/.config/lguest/init.lgs'
        [XDG_CONFIG_HOME: '/etc/my'] || '/etc/my/lguest/init.lgs'
    }
}
