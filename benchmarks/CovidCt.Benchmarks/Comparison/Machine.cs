using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using CovidCt.Inference;
using CovidCt.Models.Runtime;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>What something ran on.</summary>
internal static class Machine
{
    /// <summary>Processor, memory and system.</summary>
    public static string Description => string.Create(CultureInfo.InvariantCulture,
        $"{Processor}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0} GiB, {RuntimeInformation.OSDescription}");

    /// <summary>This library and what it stands on.</summary>
    public static string Versions
    {
        get
        {
            TorchRuntime.EnsureLoaded();
            return $"CovidCt {VersionOf(typeof(CtClassifier))}, .NET {Environment.Version}, TorchSharp {VersionOf(typeof(torch))}, "
                + $"libtorch {TorchRuntime.LibtorchVersion}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}";
        }
    }

    /// <summary>The mean number of running processes over the last minute; null where the system doesn't say.</summary>
    public static string? Load => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : null;

    private static string Processor => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
        : RuntimeInformation.ProcessArchitecture.ToString();

    // The version, and the first digits of the commit where the build knows it.
    private static string VersionOf(Type type)
    {
        var parts = (type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+');
        return parts.Length == 2 ? $"{parts[0]} ({parts[1][..Math.Min(7, parts[1].Length)]})" : parts[0];
    }
}
