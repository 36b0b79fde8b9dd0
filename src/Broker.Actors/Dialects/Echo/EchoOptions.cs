using System.ComponentModel.DataAnnotations;

namespace Broker.Actors.Dialects.Echo;

/// <summary>Settings of the echo dialect, <c>Broker:Echo</c>. It is off unless switched on.</summary>
public sealed class EchoOptions
{
    /// <summary>Whether the dialect is served. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Where it is served. Default <c>/echo</c>.</summary>
    [Required]
    public string Path { get; set; } = "/echo";
}
