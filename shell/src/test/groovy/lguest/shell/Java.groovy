package lguest.shell

/** How to start the command in a process of its own. */
class Java {
    private static final String CLASSES = System.getProperty('surefire.test.class.path') ?: System.getProperty('java.class.path')

    static List<String> command(List<String> options, List<String> arguments, String main = 'lguest.shell.Main') {
        ["${System.getProperty('java.home')}/bin/java".toString(), '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto', '-Xmx512m',
         '--enable-native-access=ALL-UNNAMED', // as the manifest of the jar says
         *options, '-cp', CLASSES, main, *arguments]
    }
}
