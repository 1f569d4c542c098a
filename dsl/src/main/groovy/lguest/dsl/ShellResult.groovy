package lguest.dsl

import groovy.transform.CompileStatic

/** What a command in the guest's shell printed, and how it ended. */
@CompileStatic
final class ShellResult {
    final String command
    /** What it printed, without the newline at its end. */
    final String text
    /** 0 to 255. */
    final int status

    ShellResult(String command, String text, int status) {
        this.command = command
        this.text = text
        this.status = status
    }

    List<String> getLines() { text.readLines() }

    /** Whether it ended well: {@code assert sh('mount /dev/lgba /mnt')}. */
    boolean asBoolean() { status == 0 }

    @Override
    String toString() { status == 0 ? text : "${command}: status ${status}${text.empty ? '' : ": $text"}" }
}
