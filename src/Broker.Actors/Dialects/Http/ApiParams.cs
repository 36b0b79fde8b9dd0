using Broker.Actors.Dialects.JsonRpc;

namespace Broker.Actors.Dialects.Http;

/// <summary>Reads single parameters. What is wrong is told with its place.</summary>
internal static class ApiParams
{
    private const string NotText = "is not a string of Unicode text";

    /// <summary>A string that must be there.</summary>
    public static ApiProblem? Required(JsonValue value, string pointer, out string text)
    {
        text = "";
        return value.IsAbsent ? ApiProblem.Bad(pointer, "is missing")
            : value.TryGetString(out text) ? null
            : ApiProblem.Bad(pointer, NotText);
    }

    /// <summary>A string that may be left out, or null.</summary>
    public static ApiProblem? Optional(JsonValue value, string pointer, out string? text)
    {
        text = null;
        return value.IsAbsent || value.TryGetString(out text) ? null : ApiProblem.Bad(pointer, NotText);
    }
}
