using System.ComponentModel.DataAnnotations;
using Broker.Actors.Rights;

namespace Broker.Node.Settings;

/// <summary>Rights and behaviour of the channels whose names match a pattern.</summary>
public sealed class NamespaceOptions
{
    /// <summary>The app whose channels are meant. Default <c>default</c>. Naming <c>default</c> here serves it on every address.</summary>
    [Required]
    public string App { get; set; } = "default";

    /// <summary>A channel's name, where <c>*</c> stands for any text and <c>?</c> for one character. No default.</summary>
    [Required]
    [StringLength(256)]
    public string Pattern { get; set; } = "";

    /// <summary>Who may subscribe and read history: <c>Anonymous</c>, <c>User</c>, <c>Proof</c>, <c>Backend</c> or <c>Nobody</c>. Default Anonymous.</summary>
    public Right Subscribe { get; set; } = Right.Anonymous;

    /// <summary>Who may publish. Default Anonymous.</summary>
    public Right Publish { get; set; } = Right.Anonymous;

    /// <summary>Who may be present and see who else is. Default Anonymous.</summary>
    public Right Presence { get; set; } = Right.Anonymous;

    /// <summary>Whether events outlive the node. Default false; true stops the node at start, as there is no journal yet.</summary>
    public bool Durable { get; set; }

    /// <summary>Events kept for recovery and history. Default 1,000; 0 keeps none: clients that were away do not recover.</summary>
    [Range(0, 1_000_000)]
    public int HistorySize { get; set; } = 1_000;

    /// <summary>How long an event is kept, as <c>hh:mm:ss</c>. Default 5 minutes, at most a day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HistoryAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes kept per channel; the oldest events go first. Default 256 KiB.</summary>
    [Range(1_024, 1 << 30)]
    public int HistoryBytes { get; set; } = 256 * 1024;

    /// <summary>Users who may be present in a channel at a time; one more is refused. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxMembers { get; set; } = 10_000;
}
