package main

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
	"unsafe"
)

// restrictFiles makes every file that the server writes private.
func restrictFiles() { syscall.Umask(0o077) }

// loopbackUp turns lo on inside a fresh network namespace: the runner listens on a loopback port in there.
// It sets IFF_UP by SIOCSIFFLAGS (netdevice(7)).
func loopbackUp() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	var ifr [40]byte // struct ifreq: 16 bytes of name, then the flags
	copy(ifr[:], "lo")
	*(*uint16)(unsafe.Pointer(&ifr[16])) = syscall.IFF_UP | syscall.IFF_RUNNING
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&ifr))); e != 0 {
		return e
	}
	return nil
}

// isolation prints what an auditor asks: which interfaces exist and what a connection to the outside answers. The
// address is of TEST-NET-1 (RFC 5737), which nobody owns.
func isolation() error {
	links, err := net.Interfaces()
	if err != nil {
		return err
	}
	for _, l := range links {
		fmt.Println("interface", l.Name, l.Flags)
	}
	for _, path := range []string{"/etc/passwd", "/root", "/home", "/tmp"} {
		f, err := os.Open(path)
		if err == nil {
			f.Close()
			fmt.Println("file", path, "can be opened")
			continue
		}
		fmt.Println("file", err)
	}
	c, err := net.DialTimeout("tcp", "192.0.2.1:443", 2*time.Second)
	if err == nil {
		c.Close()
		fmt.Println("outside: reachable")
		os.Exit(3)
	}
	fmt.Println("outside:", err)
	return nil
}
