package lguest.shell.launcher;

/** The command line is none. The message is what the original prints before its usage, possibly several lines, possibly empty. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final String USAGE = """
        lguest: Usage: lguest [--verbose] [--sharenet=<filename>|--tunnet=(<ipaddr>|bridge:<bridgename>)
        |--block=<filename>|--initrd=<filename>]...
        <mem-in-mb> vmlinux [args...]
        """;

    UsageException(String complaint) {
        super(complaint, null, false, false);
    }
}
