using System.Buffers.Binary;
using System.Reflection;
using System.Text;

namespace CovidCt.Dicom.Writing;

/// <summary>A file of DICOM Part 10 (PS3.10, section 7.1) in explicit little endian, and what all of ours share.</summary>
internal static class Part10
{
    /// <summary>Who writes.</summary>
    public const string Product = "CovidCt";

    /// <summary>What a reader has to know of each.</summary>
    public const string Notice = "For research use only. Not a diagnosis.";

    private const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    private const int Preamble = 128;

    /// <summary>The library's version.</summary>
    public static string Version { get; } =
        typeof(Part10).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file, replaced if it is there; its folder is made when missing.</param>
    /// <param name="sopClass">What kind of instance it is.</param>
    /// <param name="sopInstance">Which one.</param>
    /// <param name="data">All besides these two.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write(string path, string sopClass, string sopInstance, DataSetWriter data)
    {
        var meta = new DataSetWriter(Encoding.ASCII)
            .Bytes(Tags.FileMetaInformationVersion, [0, 1])
            .Text(Tags.MediaStorageSopClassUid, sopClass)
            .Text(Tags.MediaStorageSopInstanceUid, sopInstance)
            .Text(Tags.TransferSyntaxUid, ExplicitLittleEndian)
            .Text(Tags.ImplementationClassUid, Uid.Of("implementation", Product))
            .Text(Tags.ImplementationVersionName, $"{Product} {Version.Split('-', '+')[0]}")
            .ToArray();
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, meta.Length);
        var length = new DataSetWriter(Encoding.ASCII).Bytes(Tags.FileMetaInformationGroupLength, bytes).ToArray();
        var content = data.Text(Tags.SopClassUid, sopClass).Text(Tags.SopInstanceUid, sopInstance).ToArray();
        AtomicFile.WriteAllBytes(path, (byte[])[.. new byte[Preamble], .. "DICM"u8, .. length, .. meta, .. content]);
    }

    /// <summary>Adds who made an instance: the General Equipment module (PS3.3, section C.7.5.1).</summary>
    public static DataSetWriter Equipment(this DataSetWriter data) => data
        .Text(Tags.Manufacturer, Product).Text(Tags.ManufacturerModelName, Product).Text(Tags.SoftwareVersions, Version);

    /// <summary>Adds when an instance was made.</summary>
    public static DataSetWriter Made(this DataSetWriter data, DateTimeOffset at)
    {
        var (date, time) = (Fault.Text($"{at:yyyyMMdd}"), Fault.Text($"{at:HHmmss}"));
        return data
            .Text(Tags.InstanceCreationDate, date).Text(Tags.InstanceCreationTime, time)
            .Text(Tags.ContentDate, date).Text(Tags.ContentTime, time);
    }
}
