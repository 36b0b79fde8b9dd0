namespace Broker.Architecture.Tests;

/// <summary>Blanks comments, strings, character literals and directives out of C#, so that what is left is names and braces.</summary>
internal sealed class BareCode
{
    private readonly string _text;
    private readonly char[] _bare;

    private BareCode(string text)
    {
        _text = text;
        _bare = text.ToCharArray();
    }

    /// <returns>As many characters in as many lines as <paramref name="text"/>.</returns>
    public static string Of(string text)
    {
        var code = new BareCode(text);
        for (var i = 0; i < text.Length;)
        {
            var end = code.EndOfNoise(i);
            code.Blank(i, end);
            i = Math.Max(end, i + 1);
        }

        return new string(code._bare);
    }

    private void Blank(int from, int to)
    {
        for (var i = from; i < Math.Min(to, _bare.Length); i++)
        {
            if (_bare[i] is not ('\n' or '\r'))
            {
                _bare[i] = ' ';
            }
        }
    }

    /// <returns>Where the comment, literal or directive at <paramref name="i"/> ends; <paramref name="i"/> itself when there is none.</returns>
    private int EndOfNoise(int i) => _text[i] switch
    {
        '/' when Has(i, "//") => EndOfLine(i),
        '/' when Has(i, "/*") => After("*/", i + 2),
        '#' when IsFirstOfLine(i) => EndOfLine(i),
        '\'' => EndOfEscaped(i + 1, '\''),
        '"' or '$' or '@' => EndOfString(i),
        _ => i,
    };

    private int EndOfString(int start)
    {
        var i = start;
        var (dollars, verbatim) = (0, false);
        for (; i < _text.Length && _text[i] is '$' or '@'; i++)
        {
            if (_text[i] == '$') { dollars++; } else { verbatim = true; }
        }

        var quotes = Run(i, '"');
        if (quotes == 0)
        {
            return start;   // @identifier
        }

        if (quotes >= 3 && !verbatim)
        {
            var end = After(new string('"', quotes), i + quotes);
            return end + Run(end, '"');
        }

        return dollars > 0 ? EndOfInterpolated(i + 1, verbatim)
            : verbatim ? EndOfVerbatim(i + 1)
            : EndOfEscaped(i + 1, '"');
    }

    private int EndOfEscaped(int i, char quote)
    {
        while (i < _text.Length && _text[i] != quote)
        {
            i += _text[i] == '\\' ? 2 : 1;
        }

        return i + 1;
    }

    private int EndOfVerbatim(int i)
    {
        while (i < _text.Length && (_text[i] != '"' || Has(i, "\"\"")))
        {
            i += _text[i] == '"' ? 2 : 1;
        }

        return i + 1;
    }

    private int EndOfInterpolated(int i, bool verbatim)
    {
        while (i < _text.Length)
        {
            if (Has(i, "{{") || (verbatim && Has(i, "\"\"")) || (!verbatim && _text[i] == '\\'))
            {
                i += 2;
            }
            else if (_text[i] == '"')
            {
                return i + 1;
            }
            else
            {
                i = _text[i] == '{' ? EndOfHole(i + 1) : i + 1;
            }
        }

        return i;
    }

    private int EndOfHole(int i)
    {
        for (var depth = 1; i < _text.Length && depth > 0;)
        {
            depth += _text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            i = Math.Max(EndOfNoise(i), i + 1);
        }

        return i;
    }

    private int EndOfLine(int i) => _text.IndexOf('\n', i) is >= 0 and var end ? end : _text.Length;

    private int After(string mark, int from) =>
        from <= _text.Length && _text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var at ? at + mark.Length : _text.Length;

    private int Run(int i, char of)
    {
        var end = i;
        while (end < _text.Length && _text[end] == of) { end++; }
        return end - i;
    }

    private bool Has(int i, string mark) => string.CompareOrdinal(_text, i, mark, 0, mark.Length) == 0;

    private bool IsFirstOfLine(int i) => _text.AsSpan(0, i).TrimEnd(" \t") is [] or [.., '\n'];
}
