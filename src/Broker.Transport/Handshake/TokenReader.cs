using System.Buffers;
using System.Text;

namespace Broker.Transport.Handshake;

/// <summary>Reads tokens and quoted strings of HTTP headers (RFC 9110 section 5.6). Throws <see cref="FormatException"/> where the grammar ends.</summary>
internal ref struct TokenReader(string text)
{
    public static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private ReadOnlySpan<char> _rest = text.AsSpan().Trim(" \t");

    /// <summary>True where an element of a list is empty.</summary>
    public readonly bool IsAtListGap => _rest.IsEmpty || _rest[0] == ',';

    public bool TryTake(char separator)
    {
        if (_rest.IsEmpty || _rest[0] != separator)
        {
            return false;
        }

        _rest = _rest[1..].TrimStart(" \t");
        return true;
    }

    public string Token()
    {
        var length = _rest.IndexOfAnyExcept(TokenChars);
        length = length < 0 ? _rest.Length : length;
        if (length == 0)
        {
            throw Malformed();
        }

        var token = _rest[..length].ToString();
        _rest = _rest[length..].TrimStart(" \t");
        return token;
    }

    /// <summary>Unquoted it must be a token: RFC 6455 section 9.1.</summary>
    public string TokenOrQuoted()
    {
        var value = TokenOrString();
        return value.Length > 0 && !value.AsSpan().ContainsAnyExcept(TokenChars) ? value : throw Malformed();
    }

    /// <summary>What is quoted may be any text.</summary>
    public string TokenOrString() => !_rest.IsEmpty && _rest[0] == '"' ? Quoted() : Token();

    public readonly void ExpectEnd()
    {
        if (!_rest.IsEmpty)
        {
            throw Malformed();
        }
    }

    private string Quoted()
    {
        var value = new StringBuilder();
        for (var i = 1; i < _rest.Length; i++)
        {
            switch (_rest[i])
            {
                case '"':
                    _rest = _rest[(i + 1)..].TrimStart(" \t");
                    return value.ToString();
                case '\\' when i + 1 < _rest.Length:
                    value.Append(_rest[++i]);
                    break;
                default:
                    value.Append(_rest[i]);
                    break;
            }
        }

        throw Malformed();
    }

    private static FormatException Malformed() => new("The header breaks its grammar.");
}
