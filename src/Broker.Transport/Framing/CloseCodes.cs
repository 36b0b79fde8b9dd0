using System.Buffers.Binary;
using System.Text.Unicode;
using Broker.Actors.Sessions;

namespace Broker.Transport.Framing;

/// <summary>The payload of close frames, RFC 6455 sections 5.5.1 and 7.4.</summary>
internal static class CloseCodes
{
    public const int Normal = 1000;

    /// <summary>Stands for a close frame without a code; never sent.</summary>
    public const int NoStatus = 1005;

    /// <summary>Codes that a client may send: those in use and registered, and the ranges for libraries and applications.</summary>
    public static bool MayBeSent(int code) =>
        code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;

    /// <summary>The code of a close frame that <see cref="Check"/> has passed.</summary>
    public static int Read(ReadOnlySpan<byte> payload) =>
        payload.IsEmpty ? NoStatus : BinaryPrimitives.ReadUInt16BigEndian(payload);

    /// <summary>Null when the payload is fine, else how to close.</summary>
    public static Disconnect? Check(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        if (payload.Length == 1 || !MayBeSent(Read(payload)))
        {
            return Disconnect.ProtocolError;
        }

        return Utf8.IsValid(payload[2..]) ? null : Disconnect.InvalidPayload;
    }
}
