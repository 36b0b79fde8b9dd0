using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Broker.Transport.Handshake;

/// <summary>The request line and headers of an HTTP/1.1 request, RFC 9112 sections 3 and 5.</summary>
public sealed class RequestHead
{
    /// <summary>Bytes of the largest head that is read unless told otherwise.</summary>
    public const int DefaultMaxBytes = 16 * 1024;

    /// <summary>Most header lines of one request.</summary>
    public const int MaxHeaders = 100;

    // Visible ASCII, and bytes over 0x7F which the RFC lets through as opaque; tabs and spaces inside.
    private static readonly SearchValues<byte> ValueBytes =
        SearchValues.Create([(byte)'\t', .. Enumerable.Range(0x20, 0x7F - 0x20).Concat(Enumerable.Range(0x80, 0x80)).Select(b => (byte)b)]);

    private static readonly SearchValues<byte> TargetBytes =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Where(b => b is not ('#' or '<' or '>' or '"')).Select(b => (byte)b)]);

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly List<KeyValuePair<string, string>> _headers;

    private RequestHead(string method, string target, List<KeyValuePair<string, string>> headers)
    {
        Method = method;
        _headers = headers;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        RawPath = query < 0 ? target : target[..query];
        Query = query < 0 ? "" : target[(query + 1)..];
    }

    public string Method { get; }

    /// <summary>The target's path as it came, percent-encoded.</summary>
    public string RawPath { get; }

    /// <summary>The target's query without the question mark, as it came; empty for none.</summary>
    public string Query { get; }

    /// <summary>Headers in their order; values have no white space around them and are read as UTF-8.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>A head that an HTTP server has read.</summary>
    /// <param name="target">The request's target as it came, in origin form.</param>
    public static RequestHead Of(string method, string target, IEnumerable<KeyValuePair<string, string>> headers) =>
        new(method, target, [.. headers]);

    public bool Has(string name) => Values(name).Any();

    /// <summary>The only value of a header; null when there is none or there are several.</summary>
    public string? Single(string name)
    {
        string? found = null;
        foreach (var value in Values(name))
        {
            if (found is not null)
            {
                return null;
            }

            found = value;
        }

        return found;
    }

    /// <summary>All values of a header, in their order.</summary>
    public IEnumerable<string> Values(string name) =>
        _headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    /// <summary>True when the comma-separated values of a header hold this token, in any case.</summary>
    public bool HasToken(string name, string token) =>
        Values(name).Any(value => value.Split(',').Any(item => item.AsSpan().Trim(" \t").Equals(token, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Reads a head from the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What has come so far; it may go on after the head.</param>
    /// <param name="maxBytes">Bytes of the largest head that is read.</param>
    /// <param name="head">Set when the outcome is <see cref="HeadOutcome.Complete"/>.</param>
    /// <param name="length">Bytes of the head with its empty line.</param>
    public static HeadOutcome TryRead(ReadOnlySpan<byte> bytes, int maxBytes, out RequestHead? head, out int length)
    {
        head = null;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        length = end + 4;
        var known = end < 0 ? bytes : bytes[..(end + 2)];
        if (known.Length + 2 > maxBytes)
        {
            return HeadOutcome.TooLarge;
        }

        if (end < 0)
        {
            return LooksWrong(bytes) ? HeadOutcome.Malformed : HeadOutcome.Incomplete;
        }

        return Parse(known, out head);
    }

    // A method of capital letters, so that TLS or a binary protocol is not waited for; and no NUL anywhere.
    private static bool LooksWrong(ReadOnlySpan<byte> bytes) =>
        (!bytes.IsEmpty && !char.IsAsciiLetterUpper((char)bytes[0])) || bytes.Contains((byte)0);

    private static HeadOutcome Parse(ReadOnlySpan<byte> lines, out RequestHead? head)
    {
        head = null;
        if (!TryReadRequestLine(NextLine(ref lines), out var method, out var target))
        {
            return HeadOutcome.Malformed;
        }

        var headers = new List<KeyValuePair<string, string>>(16);
        while (!lines.IsEmpty)
        {
            if (headers.Count == MaxHeaders)
            {
                return HeadOutcome.TooLarge;
            }

            if (!TryReadHeader(NextLine(ref lines), out var header))
            {
                return HeadOutcome.Malformed;
            }

            headers.Add(header);
        }

        head = new RequestHead(method, target, headers);
        return HeadOutcome.Complete;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> lines)
    {
        var end = lines.IndexOf("\r\n"u8);
        var line = lines[..end];
        lines = lines[(end + 2)..];
        return line;
    }

    // request-line = method SP request-target SP "HTTP/1.1"
    private static bool TryReadRequestLine(ReadOnlySpan<byte> line, [NotNullWhen(true)] out string? method, [NotNullWhen(true)] out string? target)
    {
        method = null;
        target = null;
        var space = line.IndexOf((byte)' ');
        if (space <= 0 || line[..space].ContainsAnyExcept(TokenBytes) || !line.EndsWith(" HTTP/1.1"u8))
        {
            return false;
        }

        var middle = line[(space + 1)..^9];
        if (middle.IsEmpty || middle.ContainsAnyExcept(TargetBytes))
        {
            return false;
        }

        method = Encoding.ASCII.GetString(line[..space]);
        target = OriginForm(Encoding.ASCII.GetString(middle));
        return target is not null;
    }

    // An absolute form is what proxies get, but every server must take it: RFC 9112 section 3.2.2.
    private static string? OriginForm(string target)
    {
        if (target[0] == '/')
        {
            return target;
        }

        return Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ws" or "wss"
            ? new Uri(target).PathAndQuery
            : null;
    }

    // field-line = token ":" OWS value OWS; no line folding (RFC 9112 section 5.2), no space before the colon (5.1)
    private static bool TryReadHeader(ReadOnlySpan<byte> line, out KeyValuePair<string, string> header)
    {
        header = default;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
        {
            return false;
        }

        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAnyExcept(ValueBytes))
        {
            return false;
        }

        header = new(Encoding.ASCII.GetString(line[..colon]), Encoding.UTF8.GetString(value));
        return true;
    }
}
