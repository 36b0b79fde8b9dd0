using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>A dialect of one's own, from a class library: docs/dialects.md.</summary>
public sealed class LibraryDialectOptions
{
    /// <summary>What the dialect calls itself, as <c>Broker:Listeners:N:Dialects</c> and metrics do. Lower-case letters, digits and <c>-</c>. No default.</summary>
    [Required]
    [RegularExpression("[a-z0-9][a-z0-9-]*", ErrorMessage = "The field {0} must be of lower-case letters, digits and -.")]
    public string Name { get; set; } = "";

    /// <summary>The file of the class library, from the current folder on: <c>dialects/Shout.dll</c>. No default.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>The class's full name, <c>Example.ShoutDialect</c>. Default none: the only dialect that the library has.</summary>
    public string? Type { get; set; }

    /// <summary>Where it is served, the whole path. Default <c>/NAME</c>.</summary>
    [RegularExpression("/[!-~-[?#]]+", ErrorMessage = "The field {0} must be a path of its own, such as /shout.")]
    public string? Path { get; set; }

    /// <summary>The app whose channels it means. Default <c>default</c>.</summary>
    [Required]
    [StringLength(128)]
    public string App { get; set; } = "default";

    /// <summary>Whether its clients name their app once they are connected, so that they may come in though <c>App</c> is not served to them. Default false.</summary>
    public bool NamesApp { get; set; }
}
