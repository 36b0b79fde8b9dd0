namespace Broker.Actors.Rights;

/// <summary>Patterns with <c>*</c> (any text, also none) and <c>?</c> (one character). Linear in practice, never exponential.</summary>
internal static class Glob
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0, patternAt = 0, star = -1, resumeAt = 0;
        while (at < text.Length)
        {
            if (patternAt < pattern.Length && pattern[patternAt] == '*')
            {
                star = patternAt++;
                resumeAt = at;
            }
            else if (patternAt < pattern.Length && (pattern[patternAt] == '?' || pattern[patternAt] == text[at]))
            {
                patternAt++;
                at++;
            }
            else if (star >= 0)
            {
                patternAt = star + 1;
                at = ++resumeAt;
            }
            else
            {
                return false;
            }
        }

        return pattern[patternAt..].IndexOfAnyExcept('*') < 0;
    }
}
