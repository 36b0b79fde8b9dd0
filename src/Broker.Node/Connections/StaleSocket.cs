using System.Net;
using System.Net.Sockets;

namespace Broker.Node.Connections;

/// <summary>A unix socket's file outlives a node that was killed, and would keep the next one from binding.</summary>
internal static class StaleSocket
{
    /// <summary>Removes the file, when it is a socket that nobody listens on.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static void Remove(EndPoint endPoint)
    {
        if (endPoint is not UnixDomainSocketEndPoint unix || !File.Exists(unix.ToString()))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(unix);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(unix.ToString()!))
        {
            File.Delete(unix.ToString()!);
        }
        catch (SocketException)
        {
            // No socket, or not ours to look at: binding says what is wrong.
        }
    }

    // A connection to a plain file is refused too, and such a file is somebody's. A socket cannot be opened.
    private static bool IsSocket(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
