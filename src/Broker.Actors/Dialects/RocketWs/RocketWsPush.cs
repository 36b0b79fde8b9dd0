using System.Buffers;
using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;

namespace Broker.Actors.Dialects.RocketWs;

/// <summary>
/// Writes what subscribers get: the data object itself with the broker's members added, instead of the data's own of
/// these names. Every other byte stays as it came.
/// <code>
/// 0.2: {MEMBERS,"__type":TYPE,"__ts":SECONDS}
/// 0.1: {MEMBERS,"type":TYPE}
/// data that is no object: MEMBERS = "data":DATA
/// </code>
/// </summary>
internal static class RocketWsPush
{
    private static readonly SearchValues<byte> Space = SearchValues.Create(" \t\r\n"u8);

    /// <param name="data">One JSON value.</param>
    public static void Write(PayloadWriter payload, ReadOnlySpan<byte> data, RocketWsVersion version, ReadOnlySpan<byte> type, long atMs)
    {
        var isEmpty = false;
        data = Trim(data);
        if (data.IsEmpty || data[0] != '{')
        {
            payload.Write("{\"data\":"u8);
            payload.WriteJson(data);
        }
        else if (MayHaveOurs(data, version))
        {
            isEmpty = WriteOthers(payload, data, version);
        }
        else
        {
            var members = data[..^1];
            isEmpty = Trim(members[1..]).IsEmpty;
            payload.Write(isEmpty ? "{"u8 : members);
        }

        WriteOurs(payload, isEmpty, version, type, atMs);
    }

    private static void WriteOurs(PayloadWriter payload, bool isFirst, RocketWsVersion version, ReadOnlySpan<byte> type, long atMs)
    {
        payload.Write(isFirst ? [] : ","u8);
        payload.Write(version == RocketWsVersion.V01 ? "\"type\":\""u8 : "\"__type\":\""u8);
        payload.Write(type);
        payload.Write("\""u8);
        if (version == RocketWsVersion.V02)
        {
            payload.Write(",\"__ts\":"u8);
            payload.WriteNumber(atMs / 1000);
        }

        payload.Write("}"u8);
    }

    /// <summary>Escapes that mean ASCII are all <c>\u00XX</c>. A hit anywhere only means a closer look.</summary>
    private static bool MayHaveOurs(ReadOnlySpan<byte> data, RocketWsVersion version) =>
        data.IndexOf(version == RocketWsVersion.V01 ? "\"type\""u8 : "\"__t"u8) >= 0 || data.IndexOf("\\u00"u8) >= 0;

    private static bool IsOurs(ReadOnlySpan<byte> name, RocketWsVersion version) => version == RocketWsVersion.V01
        ? JsonText.Equals(name, "type"u8)
        : JsonText.Equals(name, "__type"u8) || JsonText.Equals(name, "__ts"u8);

    /// <summary>Writes the object without its end and without members named as ours. True when none is left.</summary>
    private static bool WriteOthers(PayloadWriter payload, ReadOnlySpan<byte> data, RocketWsVersion version)
    {
        var isEmpty = true;
        payload.Write("{"u8);

        // Whoever took the data has checked it and bounded its depth.
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isOurs = IsOurs(reader.ValueSpan, version);
            reader.Skip();
            if (!isOurs)
            {
                payload.Write(isEmpty ? [] : ","u8);
                payload.Write(data[start..(int)reader.BytesConsumed]);
                isEmpty = false;
            }
        }

        return isEmpty;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> data)
    {
        var first = data.IndexOfAnyExcept(Space);
        return first < 0 ? [] : data[first..(data.LastIndexOfAnyExcept(Space) + 1)];
    }
}
