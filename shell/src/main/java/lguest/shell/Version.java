package lguest.shell;

/** The version the jar was built as, and the Java it runs on: what a report of a fault needs. */
final class Version {
    private Version() {
    }

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "lguest " + (version == null ? "(not packaged)" : version) + "\nJava " + System.getProperty("java.version") + " ("
            + System.getProperty("java.vendor") + "), " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + "\n";
    }
}
