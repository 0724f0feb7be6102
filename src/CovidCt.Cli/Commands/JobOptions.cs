using System.ComponentModel.DataAnnotations;

namespace CovidCt.Cli.Commands;

/// <summary>How a study's runs share the machine.</summary>
internal sealed class JobOptions
{
    /// <summary>Runs that are trained at once, each in a process of its own. Default 1: in this process, one after the other.</summary>
    [Range(1, 256)]
    public int Jobs { get; set; } = 1;
}
