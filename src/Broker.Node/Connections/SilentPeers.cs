using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Broker.Node.Connections;

/// <summary>
/// Finds out clients that are gone without a word. One that is only written to cannot be asked for a sign of life, and a
/// machine that was switched off acknowledges nothing: left alone, the kernel goes on sending to it for a quarter of an hour.
/// </summary>
internal static class SilentPeers
{
    private const int Tcp = 6;   // IPPROTO_TCP
    private const int UserTimeout = 18;   // TCP_USER_TIMEOUT of Linux, RFC 5482

    /// <summary>Has the kernel end a connection whose peer has taken nothing of what was sent for so long.</summary>
    public static void EndAfter(HttpContext context, TimeSpan silence)
    {
        if (!OperatingSystem.IsLinux() || context.Features.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: not AddressFamily.Unix } socket)
        {
            return;
        }

        Span<byte> milliseconds = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(milliseconds, (int)Math.Min(silence.TotalMilliseconds, int.MaxValue));
        try
        {
            socket.SetRawSocketOption(Tcp, UserTimeout, milliseconds);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It is found out at the first write.
        }
    }
}
