package lguest.dsl;

import java.time.Duration;

/** Time by the clock on the wall, for waits that otherwise count guest time: {@code expect 'login:', 30.seconds.host}. */
public record HostTime(Duration time) {
    @Override
    public String toString() {
        return time + " of host time";
    }
}
