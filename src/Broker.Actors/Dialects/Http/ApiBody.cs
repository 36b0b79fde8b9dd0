using System.Text.Json;
using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.Http;

/// <summary>Reads the objects that requests are made of, without building them: members are places in the text.</summary>
internal static class ApiBody
{
    /// <summary>Bytes of a name that an answer repeats.</summary>
    private const int LongestName = 64;

    /// <summary>Reads one object; a member that the signature does not name is a mistake. Of a name that comes twice the last one counts.</summary>
    /// <param name="text">UTF-8, as checked by whoever received it.</param>
    /// <param name="at">Where the object stands in the body, as a JSON Pointer; empty for the body itself.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static ApiProblem? Read(ReadOnlySpan<byte> text, JsonRpcSignature signature, int maxDepth, string at, out JsonRpcParams members)
    {
        members = default;
        var read = new JsonRpcParams(text, arePositional: false);   // the language lets a reader near a local, not near an out parameter
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        ApiProblem? problem;
        try
        {
            reader.Read();
            problem = reader.TokenType == JsonTokenType.StartObject ? ReadMembers(ref reader, signature, at, ref read)
                : at.Length == 0 ? ApiProblem.BadJson
                : ApiProblem.Bad(at, "is not an object");
            while (reader.Read())
            {
                // To the end: what stands after the value, or is wrong within it, is found here.
            }
        }
        catch (JsonException wrong)
        {
            return ApiProblem.BadJson with { Detail = $"It cannot be read at line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}." };
        }

        if (problem is null && read.Bind(signature) is { } mistake)
        {
            problem = ApiProblem.Bad(at, mistake);
        }

        members = read;
        return problem;
    }

    private static ApiProblem? ReadMembers(ref Utf8JsonReader reader, JsonRpcSignature signature, string at, scoped ref JsonRpcParams members)
    {
        ApiProblem? problem = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)reader.TokenStartIndex + 1;
            var nameLength = reader.ValueSpan.Length;
            if (signature.Find(reader.ValueSpan) == JsonRpcSignature.Unknown)
            {
                problem ??= nameLength <= LongestName && JsonText.TryGetString(reader.ValueSpan, out var name)
                    ? ApiProblem.Bad($"{at}/{Escape(name)}", "is not known here")
                    : ApiProblem.Bad(at, "has a member that is not known here");
            }

            reader.Read();
            var kind = reader.TokenType;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(nameStart, nameLength, start, (int)reader.BytesConsumed - start, kind);
        }

        return problem;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
