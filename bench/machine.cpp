// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tidings::bench {

namespace {

constexpr int probes = 300;
constexpr off_t probe_size = 4096;

// How long a synced write of a page takes. A write-ahead log appends while it grows, and later overwrites.
double median_sync_us(int file, off_t step)
{
    std::vector<char> page(probe_size, 'x');
    std::vector<double> times;
    for (off_t i = 0; i < probes; ++i) {
        auto begin = std::chrono::steady_clock::now();
        if (pwrite(file, page.data(), page.size(), i * step) < 0 || fdatasync(file) != 0)
            throw std::runtime_error("cannot write and sync in the folder for data");
        std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
        times.push_back(took.count());
    }
    std::nth_element(times.begin(), times.begin() + probes / 2, times.end());
    return times[probes / 2];
}

struct Disk {
    double append_us = 0, overwrite_us = 0;
};

Disk probe_disk(const std::filesystem::path& folder)
{
    std::string name = (folder / "probe").string();
    int file = open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) throw std::runtime_error("cannot write " + name);
    Disk disk{.append_us = median_sync_us(file, probe_size), .overwrite_us = median_sync_us(file, 0)};
    close(file);
    unlink(name.c_str());
    return disk;
}

std::string cpu_model()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown";
}

}  // namespace

Machine look_at_machine(const std::filesystem::path& folder)
{
    Machine machine;
    machine.cores = std::thread::hardware_concurrency();
    machine.cpu = cpu_model();
    utsname system{};
    uname(&system);
    machine.kernel = system.release;
    machine.memory_gib = static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                         static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1 << 30);
    Disk disk = probe_disk(folder);
    machine.append_us = disk.append_us;
    machine.overwrite_us = disk.overwrite_us;
    getloadavg(&machine.load_before, 1);
    return machine;
}

double synced_write_us(const std::filesystem::path& folder) { return probe_disk(folder).append_us; }

double own_cpu_seconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace tidings::bench
