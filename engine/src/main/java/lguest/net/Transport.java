package lguest.net;

/** What a port belongs to. */
public enum Transport {
    TCP, UDP
}
