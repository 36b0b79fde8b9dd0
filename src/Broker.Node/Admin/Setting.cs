namespace Broker.Node.Admin;

/// <summary>A setting in force.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Value">As text, in the form that settings are written in; null for none. A secret's is <see cref="Hidden"/>.</param>
/// <param name="From">Where it came from: default, the name of a file, environment or command line.</param>
internal sealed record Setting(string Name, string? Value, string From)
{
    /// <summary>In place of a secret that is set.</summary>
    public const string Hidden = "(hidden)";
}
