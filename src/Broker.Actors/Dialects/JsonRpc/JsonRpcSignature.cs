using System.Text;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>The parameters of a method, in the order that they have by position.</summary>
/// <param name="required">How many of the first must be there.</param>
/// <param name="ignored">A name that is let through and never looked at; null for none.</param>
internal sealed class JsonRpcSignature(int required, string[] names, string? ignored = null)
{
    public const int Unknown = -1;
    public const int Ignored = -2;

    private readonly byte[][] _names = [.. names.Select(Encoding.UTF8.GetBytes)];
    private readonly byte[]? _ignored = ignored is null ? null : Encoding.UTF8.GetBytes(ignored);
    private readonly string[] _missing = [.. names.Select(name => $"missing parameter `{name}`")];

    public int Count => _names.Length;

    public int Required { get; } = required;

    public string Missing(int slot) => _missing[slot];

    /// <param name="raw">The name as it stands between its quotes.</param>
    public int Find(ReadOnlySpan<byte> raw)
    {
        for (var slot = 0; slot < _names.Length; slot++)
        {
            if (JsonText.Equals(raw, _names[slot]))
            {
                return slot;
            }
        }

        return _ignored is not null && JsonText.Equals(raw, _ignored) ? Ignored : Unknown;
    }
}
