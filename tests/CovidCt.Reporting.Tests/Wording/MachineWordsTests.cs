using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class MachineWordsTests
{
    private static readonly MachineFacts Here = new() { Build = "CovidCt 0.1.0, TorchSharp 0.107.0, odd", Device = "cpu", Threads = 2 };

    [Fact]
    public void Versions_and_machine_are_told_apart_by_what_they_are() => Assert.Equal(
        ("CovidCt 0.1.0, TorchSharp 0.107.0, Build odd", "device cpu, threads 2"),
        (MachineWords.Versions([Here]), MachineWords.Machine([Here])));

    [Fact]
    public void Of_several_machines_each_value_is_named_once() => Assert.Equal(
        ("CovidCt 0.1.0, TorchSharp 0.107.0, Build odd, CovidCt 0.2.0", "device cpu; cuda, threads 2"),
        (MachineWords.Versions([Here, Here with { Build = "CovidCt 0.2.0", Device = "cuda" }]), MachineWords.Machine([Here, Here with { Device = "cuda" }])));

    [Fact]
    public void What_is_not_recorded_says_so_in_the_table() => Assert.Equal(
        [("CovidCt", "0.1.0"), ("TorchSharp", "0.107.0"), ("Build", "odd"), ("Device", "cpu"), ("Cores", "not recorded"), ("Threads", "2"), ("Instruction set", "not recorded"), ("System", "not recorded")],
        MachineWords.All([Here]));
}
