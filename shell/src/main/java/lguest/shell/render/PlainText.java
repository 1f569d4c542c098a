package lguest.shell.render;

import java.util.regex.Pattern;

/** What a guest prints, made safe to stand between other text: colours stay, whatever moves the cursor goes. */
public final class PlainText {
    /** CSI sequences, OSC sequences, other escapes, and control characters but tab and newline. */
    private static final Pattern CONTROL = Pattern.compile("\033\\[[0-9;?>=!]*[ -/]*[@-ln-~]|\033\\][^\007\033]*(\007|\033\\\\)?|\033[ -/]*[0-Z\\\\^-~]"
        + "|[\000-\010\013-\032\034-\037\177]|\033(?!\\[[0-9;]*m)");

    private PlainText() {
    }

    public static String of(String text) {
        return CONTROL.matcher(text).replaceAll("");
    }
}
